"""The refresh: one snapshot, drawn; nothing else happens here, four times a second for every viewer."""

import streamlit as st

from nnviz.records.run import Snapshot
from nnviz.sessions.session import Session
from nnviz.ui.board.board import board
from nnviz.ui.board.layout import Layout
from nnviz.ui.fragment import fragment
from nnviz.ui.note import draw_again
from nnviz.ui.registry import registry

EVERY_S = 0.25


def live(session: Session, snapshot: Snapshot, layout: Layout, key: str = "board") -> None:
    """Draw the board now, and again and again while the run goes on."""
    st.session_state["turns"] = session.turns
    every_s = EVERY_S if session.is_changing(snapshot) else None
    fragment(_refresh, every_s=every_s)(session.id, layout, key, face(session, snapshot))


def _refresh(session_id: str, layout: Layout, key: str, drawn: tuple[object, ...]) -> None:
    session = registry().find(session_id)
    if session is None:
        st.rerun()
    snapshot = session.snapshot()
    board(session, snapshot, layout, key)
    if st.session_state.pop("view.moved", False):
        st.rerun()  # something was dragged on a chart
    if face(session, snapshot) != drawn or session.turns != st.session_state["turns"]:
        draw_again()  # the buttons, the knobs or this timer are out of date


def face(session: Session, snapshot: Snapshot) -> tuple[object, ...]:
    """Tell what the rest of the page depends on: which run, whether it goes on, is over, and has been built."""
    going, changing = session.is_going(snapshot), session.is_changing(snapshot)
    searched = snapshot.search.status if snapshot.search else ""
    formers = len(session.formers)
    return session.generation, formers, going, changing, snapshot.status.is_over, snapshot.scene is None, searched
