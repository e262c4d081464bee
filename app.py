"""Home: what nnviz is, a live picture and the way in."""

import streamlit as st

from nnviz.ui import texts
from nnviz.ui.shell import shell
from nnviz.ui.showcase import examples, live_picture

shell(texts.MENU["home"])
st.title(texts.HOME["title"])
st.markdown(texts.HOME["lead"])
st.subheader(texts.HOME["ways"])
examples()
live_picture()
st.caption(f"{texts.HOME['live']} {texts.HOME['seed']}")
