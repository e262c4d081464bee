"""The reader's language: what the server is set to, else what the browser asks for."""

import streamlit as st

from nnviz.ui.environment import environment
from nnviz.words.language import speak
from nnviz.words.languages import nearest, translation


def follow_reader() -> None:
    """Write all that this thread draws from now on in the reader's language."""
    speak(translation(nearest(environment().language or st.context.locale or "")))
