"""Sentences above the page: what went otherwise than asked, and who steers."""

from typing import Any

import streamlit as st

from nnviz.sessions.rights import Rights
from nnviz.sessions.session import Session
from nnviz.ui.fragment import slot
from nnviz.ui.link import TRAIN, Address
from nnviz.ui.note import draw_note
from nnviz.words import texts


def notes(session: Session, *, rights: Rights, address: Address[Any, Any] = TRAIN) -> None:
    """Draw the sentences that apply; none of them ever stands in the way of the page."""
    draw_note()
    with slot():
        if not rights.may_steer:
            _watching(session, address)
        elif session.is_anyones:
            st.caption(texts.TRAIN["anyones"])


def _watching(session: Session, address: Address[Any, Any]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="watching"):
        st.info(texts.TRAIN["watching"], icon=":material/visibility:")
        st.button(texts.TRAIN["own_copy"], on_click=address.copy, args=(session.id,), type="primary")
