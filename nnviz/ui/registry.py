"""The one hall of this process; kept apart and tiny, because an edit of this function would open a second hall."""

import streamlit as st

from nnviz.ui.hall import Hall
from nnviz.ui.serving import provide_plotly
from nnviz.ui.warmup import warm_up


@st.cache_resource(max_entries=1, show_spinner=False, on_release=Hall.close)
def hall() -> Hall:
    """Open the hall at the first visit: warm up, provide the plot library, then wait for guests."""
    opened = Hall()
    missing = provide_plotly()
    opened.trouble = str(missing) if missing else None
    warm_up()
    return opened
