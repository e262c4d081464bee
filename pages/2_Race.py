"""Race optimizers from the same start over the same batches."""

from typing import Any

import streamlit as st

from nnviz.ui.entrance import entrance
from nnviz.words import texts

CARDS = (
    "rates", "test_loss", "accuracy", "leaderboard", "podium", "loss", "players", "learning_rate",
    "lane_cost", "lane_weights", "lane_updates",
)  # fmt: skip


def _layout(view: Any, **asked: Any) -> Any:
    from nnviz.charts.groups import SEVERAL
    from nnviz.ui.board.layout import Layout

    return Layout((*CARDS, *SEVERAL), view, has_past=True, has_diagnosis=True, **asked)


def race() -> None:
    """Draw the page once PyTorch is there."""
    from nnviz.ui.bar import bar
    from nnviz.ui.board.live import live
    from nnviz.ui.branches import branches
    from nnviz.ui.data_download import data_download
    from nnviz.ui.export import export
    from nnviz.ui.fairness import fairness
    from nnviz.ui.fragment import slot
    from nnviz.ui.fresh import fresh_line
    from nnviz.ui.lanes import lanes
    from nnviz.ui.link import RACE
    from nnviz.ui.notes import notes
    from nnviz.ui.rate_test import rate_line
    from nnviz.ui.rates import rates
    from nnviz.ui.settings import settings
    from nnviz.ui.visitor import visitor

    session = RACE.session_in_view()
    rights = session.rights_of(visitor())
    session.take_best()
    snapshot = session.snapshot()

    with st.sidebar:
        settings(session, snapshot, rights=rights)
    notes(session, rights=rights, address=RACE)
    view = bar(session, snapshot, rights=rights, address=RACE)
    rates(session, snapshot, rights=rights)
    lanes(session.id, session.generation, rights=rights)
    fresh_line(session, rights=rights)
    rate_line(session, snapshot, rights=rights)
    branches(session, snapshot, rights=rights)
    with slot():
        if session.is_waiting_for_data:
            data_download(session, rights=rights)
    note = "missing" * session.is_waiting_for_data
    live(session, snapshot, _layout(view, note=note, is_watched=not rights.may_steer, pick=RACE.pick()))
    fairness(snapshot)
    export(session, snapshot, RACE.view_query(view))
    RACE.write(session, snapshot, view)


entrance(texts.RACE.english["title"], race, is_bare=True)
