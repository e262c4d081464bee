"""The overview of the lessons: a card for each, in the order of the lecture."""

import streamlit as st

from nnviz.ui import texts
from nnviz.ui.lessons.menu import LESSONS


def overview() -> None:
    """Draw the cards."""
    st.title(texts.FOUNDATIONS["title"], anchor=False)
    st.markdown(texts.FOUNDATIONS["lead"])
    lessons = list(LESSONS.values())
    for row in (lessons[at : at + 3] for at in range(0, len(lessons), 3)):
        for column, lesson in zip(st.columns(3), row, strict=False):
            with column, st.container(border=True, height="stretch"):
                number = lessons.index(lesson) + 1
                st.page_link(lesson.path, label=f"**{number} · {lesson.texts.title}**", icon=lesson.icon)
                st.caption(lesson.texts.card)
