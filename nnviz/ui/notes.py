"""Sentences above the page: what went otherwise than asked, and who steers."""

from typing import Any

import streamlit as st

from nnviz.sessions.rights import Rights
from nnviz.sessions.session import Session
from nnviz.ui.fragment import slot
from nnviz.ui.link import TRAIN, Address
from nnviz.ui.note import draw_note
from nnviz.ui.registry import registry
from nnviz.words import texts
from nnviz.words.language import say
from nnviz.words.library import TOLD


def notes(session: Session, *, rights: Rights, address: Address[Any, Any] = TRAIN) -> None:
    """Draw the sentences that apply; none of them ever stands in the way of the page."""
    draw_note()
    with slot():
        if not rights.may_steer:
            _watching(session, address)
        elif session.is_anyones:
            st.caption(texts.TRAIN["anyones"])
        elif _has_parted(session):
            st.caption(say(TOLD["parted"]))


def _has_parted(session: Session) -> bool:
    """Whether its run was trained on by another process meanwhile."""
    saver = registry().saver
    return saver is not None and saver.library.has_parted(session.stand.name)


def _watching(session: Session, address: Address[Any, Any]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="watching"):
        st.info(texts.TRAIN["watching"], icon=":material/visibility:")
        st.button(texts.TRAIN["own_copy"], on_click=address.copy, args=(session.id,), type="primary")
