"""Sentences above the page: what went otherwise than asked, and who steers."""

import streamlit as st

from nnviz.ui import texts
from nnviz.ui.link import take_seat
from nnviz.ui.registry import hall
from nnviz.ui.seats import Seat


def notes(seat: Seat, *, is_locked: bool) -> None:
    """Draw the sentences that apply; none of them ever stands in the way of the page."""
    note = st.session_state.pop("note", None)
    if note:
        st.warning(note, icon=":material/warning:")
    trouble = hall().trouble
    if trouble:
        st.error(texts.TRAIN["no_plotly"].format(path=trouble), icon=":material/warning:")
    if is_locked:
        _watching(seat)


def _watching(seat: Seat) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="watching"):
        st.info(texts.TRAIN["watching"], icon=":material/visibility:")
        st.button(texts.TRAIN["own_copy"], on_click=_copy, args=(seat.id,), type="primary")


def _copy(seat_id: str) -> None:
    seat = hall().find(seat_id)
    if seat is not None:
        take_seat(seat.present_spec(seat.snapshot()))
        st.session_state["written"] = st.query_params.to_dict()  # the old link is dealt with
