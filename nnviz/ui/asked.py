"""What a reader has asked for on a board and the page has yet to ask more about: to go on from a moment."""

import streamlit as st

ASKED, VALUES = "fork", "fork.values"  # where a tab keeps the moment, and what is to be changed there


def ask_for_fork(session_id: str, generation: int, step: int) -> None:
    """Note that this reader wants to go on from a moment; the next drawing of the page asks how."""
    st.session_state[ASKED] = session_id, generation, step
    st.session_state[VALUES] = {}


def forget_fork() -> None:
    """Let go of it."""
    st.session_state.pop(ASKED, None)
