"""What the environment sets, read once at start."""

import logging
import os

import streamlit as st

from nnviz.sessions.environment import Environment, read_environment

LOGGER = logging.getLogger("nnviz")


@st.cache_resource(max_entries=1, show_spinner=False)
def environment() -> Environment:
    """Return the settings of this process; what cannot be used is told on the terminal."""
    found, complaints = read_environment(os.environ)
    for complaint in complaints:
        LOGGER.warning(complaint)
    return found
