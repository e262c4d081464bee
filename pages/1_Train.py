"""Train one network and turn its knobs while it learns."""

import streamlit as st

from nnviz.ui.entrance import entrance
from nnviz.words import texts


def train() -> None:
    """Draw the page once PyTorch is there."""
    from nnviz.ui.bar import bar
    from nnviz.ui.board.layout import Layout
    from nnviz.ui.board.live import live
    from nnviz.ui.branches import branches
    from nnviz.ui.data_download import data_download
    from nnviz.ui.export import export
    from nnviz.ui.fragment import slot
    from nnviz.ui.fresh import fresh_line
    from nnviz.ui.knobs import live_knobs
    from nnviz.ui.link import TRAIN
    from nnviz.ui.notes import notes
    from nnviz.ui.rate_test import rate_line
    from nnviz.ui.settings import settings
    from nnviz.ui.train_tries import train_tries
    from nnviz.ui.visitor import visitor

    session = TRAIN.session_in_view()
    rights = session.rights_of(visitor())
    snapshot = session.snapshot()

    with st.sidebar:
        settings(session, snapshot, rights=rights)
    notes(session, rights=rights)
    view = bar(session, snapshot, rights=rights, address=TRAIN)
    live_knobs(session.id, session.generation, rights=rights)
    rate_line(session, snapshot, rights=rights)
    fresh_line(session, rights=rights)
    branches(session, snapshot, rights=rights)
    with slot():
        if session.is_waiting_for_data:
            data_download(session, rights=rights)
    note = "missing" if session.is_waiting_for_data else ""
    is_watched, pick = not rights.may_steer, TRAIN.pick()
    layout = Layout(view=view, note=note, is_watched=is_watched, pick=pick, has_past=True, has_diagnosis=True)
    live(session, snapshot, layout)
    train_tries(session, rights=rights)
    export(session, snapshot, TRAIN.view_query(view))
    TRAIN.write(session, snapshot, view)


entrance(texts.TRAIN.english["title"], train, is_bare=True)
