"""The refresh: one snapshot, drawn; nothing else happens here, four times a second for every viewer."""

import streamlit as st

from nnviz.records import Snapshot
from nnviz.ui.board import Layout, board
from nnviz.ui.registry import hall
from nnviz.ui.seats import Seat

EVERY_S = 0.25


def live(seat: Seat, snapshot: Snapshot, layout: Layout, key: str = "board") -> None:
    """Draw the board now, and again and again while the run goes on."""
    st.session_state["turns"] = seat.turns
    run_every = EVERY_S if seat.is_changing(snapshot) else None
    st.fragment(_refresh, run_every=run_every)(seat.id, layout, key, face(seat, snapshot))


def _refresh(seat_id: str, layout: Layout, key: str, drawn: tuple[object, ...]) -> None:
    seat = hall().find(seat_id)
    if seat is None:
        st.rerun()
    snapshot = seat.snapshot()
    board(seat, snapshot, layout, key)
    if st.session_state.pop("view.moved", False):
        st.rerun()  # something was dragged on a chart
    if face(seat, snapshot) != drawn or seat.turns != st.session_state["turns"]:
        st.rerun()  # the buttons, the knobs or this timer are out of date


def face(seat: Seat, snapshot: Snapshot) -> tuple[object, ...]:
    """Tell what the rest of the page depends on: which run, whether it goes on, is over, and has been built."""
    going, changing = seat.is_going(snapshot), seat.is_changing(snapshot)
    searched = snapshot.search.status if snapshot.search else ""
    return seat.generation, going, changing, snapshot.status.is_over, snapshot.scene is None, searched
