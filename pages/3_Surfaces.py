"""Walk optimizers down a surface and look inside them."""

import streamlit as st

from nnviz.ui.entrance import entrance
from nnviz.words.surfaces import SURFACES


def surfaces() -> None:
    """Draw the page once PyTorch is there."""
    from nnviz.ui.descent_controls import descent_controls
    from nnviz.ui.descent_view import descent_view
    from nnviz.ui.descents import read_link
    from nnviz.ui.note import draw_note

    read_link()
    with st.sidebar:
        descent_controls()
    draw_note()
    descent_view()


entrance(SURFACES.english["title"], surfaces, is_bare=True)
