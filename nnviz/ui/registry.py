"""The one registry of this process; kept apart and tiny, because an edit of this function would open a second one."""

import logging
import os

import streamlit as st

from nnviz.sessions.environment import read_environment
from nnviz.sessions.registry import SessionRegistry
from nnviz.ui.warmup import warm_up

LOGGER = logging.getLogger("nnviz")


@st.cache_resource(max_entries=1, show_spinner=False, on_release=SessionRegistry.close)
def registry() -> SessionRegistry:
    """Open the registry at the first visit: warm up, then wait for guests."""
    environment, complaints = read_environment(os.environ)
    for complaint in complaints:
        LOGGER.warning(complaint)
    opened = SessionRegistry(environment)
    warm_up()
    return opened
