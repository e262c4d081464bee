"""Whether a page has come whole.

When the browser asks for a fragment at the very moment in which the page has been drawn, Streamlit's server lets a new
thread answer and drops what the last one has drawn but not yet handed over: the end of the page is missing then, with
the timers of its fragments, and stays away until somebody presses something.
"""

import streamlit as st

from nnviz.ui.board.serving import script_import
from nnviz.ui.page_runs import page_number

_watch = st.components.v2.component("nnviz_whole", html="", js=script_import("whole.js"), isolate_styles=False)


def begin_watch() -> None:
    """Let the browser look for the page's end; where it does not come, the page is drawn once more."""
    _watch(key="page.whole", data={"page": page_number()}, on_again_change=_nothing, width="content")


def end_watch() -> None:
    """Mark the page's end."""
    st.html(f'<i class="nnviz-whole" data-page="{page_number()}" hidden></i>')


def _nothing() -> None:
    """Asking is enough: the whole page is drawn."""
