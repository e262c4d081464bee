"""What a reader has asked for on a board and the page has yet to ask more about: to go on from a moment."""

import streamlit as st

from nnviz.ui.page_runs import page_number

ASKED, VALUES = "fork", "fork.values"  # where a tab keeps the moment, and what is to be changed there
_DRAWN = "fork.page"  # the drawing of the page that showed the question last


def ask_for_fork(session_id: str, generation: int, step: int) -> None:
    """Note that this reader wants to go on from a moment; the next drawing of the page asks how."""
    st.session_state[ASKED] = session_id, generation, step
    st.session_state[VALUES] = {}
    st.session_state[_DRAWN] = page_number()


def is_asked(session_id: str, generation: int) -> bool:
    """Tell whether a run's reader waits for the question; who has been to another page meanwhile does not."""
    before, now = st.session_state.get(_DRAWN, 0), page_number()
    if now - before > 1:
        forget_fork()
    st.session_state[_DRAWN] = now
    return bool(st.session_state.get(ASKED, ("", 0, 0))[:2] == (session_id, generation))


def forget_fork() -> None:
    """Let go of it."""
    st.session_state.pop(ASKED, None)
