"""The page of the lesson on depth: a stack that collapses, a border that bends, signals that fade."""

import streamlit as st

from nnviz.lessons.depth.page_controller import CONTROLLER, WORDS
from nnviz.lessons.depth.page_fold import PLAYBACK, fold
from nnviz.lessons.depth.page_signal import signal
from nnviz.lessons.depth.page_stack import stack
from nnviz.ui.fragment import fragment

__all__ = ["CONTROLLER", "depth"]


def depth() -> None:
    """Draw the three sections."""
    _head("stack")
    fragment(stack)()
    _head("fold")
    PLAYBACK.run(fold)
    _head("signal")
    fragment(signal)()


def _head(section: str) -> None:
    st.header(WORDS[f"{section}_title"], anchor=section)
    st.markdown(WORDS[f"{section}_text"])
