"""The page of the lesson on depth: a stack that collapses, a border that bends, signals that fade."""

import streamlit as st

from nnviz.ui.lessons.depth_desk import DESK, WORDS
from nnviz.ui.lessons.depth_fold import PLAYER, fold
from nnviz.ui.lessons.depth_signal import signal
from nnviz.ui.lessons.depth_stack import stack

__all__ = ["DESK", "depth"]


def depth() -> None:
    """Draw the three sections."""
    _head("stack")
    st.fragment(stack)()
    _head("fold")
    PLAYER.run(fold)
    _head("signal")
    st.fragment(signal)()


def _head(section: str) -> None:
    st.subheader(WORDS[f"{section}_title"], anchor=section)
    st.markdown(WORDS[f"{section}_text"])
