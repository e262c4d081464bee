"""The boards of a model's page: what its family shows, with dials of the reader's own, above the usual charts."""

from dataclasses import replace

import streamlit as st

from nnviz.charts.chart import View
from nnviz.records.run import Snapshot
from nnviz.records.shapes import Question
from nnviz.sessions.model import ModelSession
from nnviz.training.instruments.taking import asks_of
from nnviz.ui.board.board import asking_board, board
from nnviz.ui.board.face import Face, face, mark
from nnviz.ui.board.layout import Layout, Pick
from nnviz.ui.board.live import look_around, timed
from nnviz.ui.families.family_page import FamilyPage
from nnviz.ui.registry import registry
from nnviz.ui.tries import calls
from nnviz.ui.visitor import visitor

_OWN, _MORE = "family.own", "family.board"


def stage(session: ModelSession, snapshot: Snapshot, page: FamilyPage, view: View, note: str, pick: Pick) -> None:
    """Draw the boards, which go on by themselves."""
    st.session_state["turns"] = session.turns
    timed(_refresh, session.id, "own", "")(session.id, page, view, note, pick, face(session, snapshot))


def _refresh(session_id: str, page: FamilyPage, view: View, note: str, pick: Pick, drawn: Face) -> None:
    session = registry().find(session_id, ModelSession)
    if session is None:
        st.rerun()
    snapshot = session.snapshot()
    told = mark(drawn, st.session_state["turns"])
    _own(session, snapshot, page, view, note, pick, told)
    below = Layout(
        page.below,
        view,
        with_numbers=False,
        pick=pick,
        is_watched=not session.rights_of(visitor()).may_steer,
        has_past=True,
        has_diagnosis=True,  # the list stands above; the curve of the loss is marked here
    )
    board(session, snapshot, below, _MORE, told=told)
    look_around(session, snapshot, drawn)


def _own(
    session: ModelSession, snapshot: Snapshot, page: FamilyPage, view: View, note: str, pick: Pick, told: int
) -> None:
    """Draw the family's own view."""
    asks, asked = asks_of(session.spec), question(session)
    layout = Layout(
        ("rate_curve", *page.own),
        replace(view, place=asked.place if "place" in asks else None),
        note=note,
        is_watched=not session.rights_of(visitor()).may_steer,
        question=asked,
        dials=("picture",) if "picture" in asks else (),
        scope="own",
        pick=pick,
        has_past=True,
        has_diagnosis=True,
        is_grouped=False,
    )
    on_place = (lambda: _take_place(session)) if "place" in asks else None
    asking_board(session, snapshot, layout, _OWN, lambda: _take_dial(session), on_place, calls=calls(), told=told)


def _key(session: ModelSession, name: str) -> str:
    return f"family.{session.kind}.{name}"


def question(session: ModelSession) -> Question:
    """Return what the reader wants to see."""
    return Question(
        int(st.session_state.get(_key(session, "picture"), 0)), st.session_state.get(_key(session, "place"), (0.0, 0.0))
    )


def _take_dial(session: ModelSession) -> None:
    turned = st.session_state[_OWN]["dial"]
    if turned["id"] == "picture":
        st.session_state[_key(session, "picture")] = round(turned["value"])


def _take_place(session: ModelSession) -> None:
    found = st.session_state[_OWN]["place"]
    st.session_state[_key(session, "place")] = (float(f"{found['x']:.4g}"), float(f"{found['y']:.4g}"))
