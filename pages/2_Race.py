"""Race optimizers from the same start over the same batches."""

import streamlit as st

from nnviz.ui import texts
from nnviz.ui.bar import bar
from nnviz.ui.board import Layout
from nnviz.ui.export import export
from nnviz.ui.fairness import fairness
from nnviz.ui.gate import gate
from nnviz.ui.lanes import lanes
from nnviz.ui.link import RACE
from nnviz.ui.live import live
from nnviz.ui.notes import notes
from nnviz.ui.rates import rates
from nnviz.ui.settings import settings
from nnviz.ui.shell import shell
from nnviz.ui.visitor import visitor

CARDS = (
    "rates", "test_loss", "accuracy", "leaderboard", "podium", "loss", "players",
    "lane_cost", "lane_weights", "lane_updates",
)  # fmt: skip

shell(texts.RACE["title"])
seat = RACE.seat_in_view()
is_locked = not seat.is_steered_by(visitor())
seat.take_best()
snapshot = seat.snapshot()

with st.sidebar:
    settings(seat, snapshot, is_locked=is_locked)
notes(seat, is_locked=is_locked, address=RACE)
view = bar(seat, snapshot, is_locked=is_locked)
rates(seat, snapshot, is_locked=is_locked)
lanes(seat.id, is_locked=is_locked)
if seat.is_waiting_for_data:
    gate(seat, is_locked=is_locked)
live(seat, snapshot, Layout(charts=CARDS, view=view, note="missing" if seat.is_waiting_for_data else ""))
fairness(snapshot)
export(seat, snapshot)
RACE.write(seat, snapshot, view)
