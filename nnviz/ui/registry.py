"""The one registry of this process; kept apart and tiny, because an edit of this function would open a second one."""

import streamlit as st

from nnviz.sessions.registry import SessionRegistry
from nnviz.ui.environment import environment
from nnviz.ui.warmup import warm_up


@st.cache_resource(max_entries=1, show_spinner=False, on_release=SessionRegistry.close)
def registry() -> SessionRegistry:
    """Open the registry at the first visit: warm up, then wait for guests."""
    opened = SessionRegistry(environment())
    warm_up()
    return opened
