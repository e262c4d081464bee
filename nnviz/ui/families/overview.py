"""The overview of the models: a card for each, in the order of the lecture."""

import streamlit as st

from nnviz.catalog import MODELS
from nnviz.ui.families.card import cited
from nnviz.ui.families.menu import PAGES
from nnviz.words.language import say
from nnviz.words.models import page as words


def overview() -> None:
    """Draw the cards."""
    st.title(words.FAMILY["title"], anchor=False)
    st.markdown(words.FAMILY["lead"])
    pages = list(enumerate(PAGES.items(), 1))
    for row in (pages[at : at + 4] for at in range(0, len(pages), 4)):
        for column, (number, (name, page)) in zip(st.columns(4), row, strict=False):
            with column, st.container(border=True, height="stretch"):
                st.page_link(page.path, label=f"**{number} · {say(page.texts.title)}**", icon=page.icon)
                st.markdown(say(page.texts.card))
                paper = MODELS[name].paper
                if paper:
                    st.caption(cited(paper))
