"""Walk optimizers down a surface and look inside them."""

import streamlit as st

from nnviz.ui import texts
from nnviz.ui.descent_controls import descent_controls
from nnviz.ui.descent_view import descent_view
from nnviz.ui.descents import read_link
from nnviz.ui.notes import say_notes
from nnviz.ui.registry import hall
from nnviz.ui.shell import shell

shell(texts.SURFACES["title"])
hall()
read_link()
with st.sidebar:
    descent_controls()
say_notes()
descent_view()
