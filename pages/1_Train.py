"""Train one network and turn its knobs while it learns."""

import streamlit as st

from nnviz.ui import texts
from nnviz.ui.bar import bar
from nnviz.ui.board import Layout
from nnviz.ui.gate import gate
from nnviz.ui.knobs import live_knobs
from nnviz.ui.link import TRAIN
from nnviz.ui.live import live
from nnviz.ui.notes import notes
from nnviz.ui.settings import settings
from nnviz.ui.shell import shell
from nnviz.ui.visitor import visitor

shell(texts.TRAIN["title"])
seat = TRAIN.seat_in_view()
is_locked = not seat.is_steered_by(visitor())
snapshot = seat.snapshot()

with st.sidebar:
    settings(seat, snapshot, is_locked=is_locked)
notes(seat, is_locked=is_locked)
view = bar(seat, snapshot, is_locked=is_locked)
live_knobs(seat.id, is_locked=is_locked)
if seat.is_waiting_for_data:
    gate(seat, is_locked=is_locked)
live(seat, snapshot, Layout(view=view, note="missing" if seat.is_waiting_for_data else ""))
TRAIN.write(seat, snapshot, view)
