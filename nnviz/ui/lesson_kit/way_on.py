"""Where to go from a lesson: to the next one, back, or to the pages where one plays with networks of one's own."""

from typing import Any

import streamlit as st

from nnviz.ui.lesson_kit.controller import LessonController
from nnviz.ui.lesson_kit.menu import LESSONS, after, before
from nnviz.ui.shell import PAGES
from nnviz.words import lessons
from nnviz.words.language import say


def way_on(controller: LessonController[Any]) -> None:
    """Draw the end of a lesson."""
    st.header(lessons.LESSON["on"], anchor=False)
    following = after(controller.name)
    if following is None:
        pages_beyond()
    else:
        lesson = LESSONS[following]
        label = lessons.LESSON["next"].format(title=say(lesson.texts.title))
        _card(lesson.path, label, say(lesson.texts.card), ":material/arrow_forward:")
    _ways_back(controller.name)


def pages_beyond() -> None:
    """Draw a card for each page that comes after the lessons."""
    for column, (name, (label, text)) in zip(st.columns(3), lessons.AFTER_LESSONS.items(), strict=True):
        with column:
            _card(PAGES[name][0], label, text, PAGES[name][1])


def _card(path: str, label: str, text: str, icon: str) -> None:
    with st.container(border=True, height="stretch"):
        st.page_link(path, label=f"**{label}**", icon=icon)
        st.caption(text)


def _ways_back(name: str) -> None:
    previous = before(name)
    with st.container(horizontal=True, key="lesson_back", gap="medium"):
        if previous is not None:
            lesson = LESSONS[previous]
            label = lessons.LESSON["back"].format(title=say(lesson.texts.title))
            st.page_link(lesson.path, label=label, icon=":material/arrow_back:")
        path, icon = PAGES["foundations"]
        st.page_link(path, label=lessons.LESSON["all_lessons"], icon=icon)
