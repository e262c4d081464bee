"""Home: what nnviz is, a live picture and the way in; and, as the server's own module, the app around all pages."""

import streamlit as st

from nnviz.ui.board.serving import routes
from nnviz.ui.entrance import entrance
from nnviz.ui.front import front
from nnviz.ui.loading import from_the_start
from nnviz.words import texts


def home() -> None:
    """Draw the page once PyTorch is there."""
    from nnviz.ui.playground import playground
    from nnviz.ui.showcase import ways

    with st.container(horizontal=True, key="home_head", vertical_alignment="bottom"):
        st.title(texts.HOME["title"], anchor=False, width="content")
        st.markdown(texts.HOME["lead"], width="content")
    playground()
    st.header(texts.HOME["ways"])
    ways()
    st.caption(texts.HOME["seed"])


if __name__ == "__main__":  # a visitor's page
    entrance(texts.MENU.english["home"], home)
else:  # imported by the server
    app = st.App(__file__, lifespan=from_the_start, routes=routes(), middleware=front())
