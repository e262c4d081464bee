"""Sentences above the page: what went otherwise than asked, and who steers."""

from typing import Any

import streamlit as st

from nnviz.ui import texts
from nnviz.ui.link import TRAIN, Address
from nnviz.ui.registry import hall
from nnviz.ui.seats import Seat


def notes(seat: Seat, *, is_locked: bool, address: Address[Any, Any] = TRAIN) -> None:
    """Draw the sentences that apply; none of them ever stands in the way of the page."""
    say_notes()
    if is_locked:
        _watching(seat, address)


def say_notes() -> None:
    """Draw what went otherwise than asked, once."""
    note = st.session_state.pop("note", None)
    if note:
        st.warning(note, icon=":material/warning:")
    trouble = hall().trouble
    if trouble:
        st.error(texts.TRAIN["no_plotly"].format(path=trouble), icon=":material/warning:")


def _watching(seat: Seat, address: Address[Any, Any]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="watching"):
        st.info(texts.TRAIN["watching"], icon=":material/visibility:")
        st.button(texts.TRAIN["own_copy"], on_click=address.copy, args=(seat.id,), type="primary")
