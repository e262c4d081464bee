"""The frame of a lesson's page: where it stands among the lessons, its title and what it is about."""

from typing import Any

import streamlit as st

from nnviz.ui.lesson_kit.controller import LessonController
from nnviz.ui.lesson_kit.menu import LESSONS
from nnviz.ui.note import draw_note
from nnviz.words import texts
from nnviz.words.language import say


def frame(controller: LessonController[Any]) -> None:
    """Set up a lesson's page; the first call of every lesson."""
    with st.container(horizontal=True, key="lessons", vertical_alignment="center", gap="small"):
        for place, (name, lesson) in enumerate(LESSONS.items(), 1):
            label = f"{place} · {say(lesson.texts.menu)}"
            st.page_link(lesson.path, label=f"**{label}**" if name == controller.name else label)
    controller.open()
    draw_note()
    with st.container(horizontal=True, key="lesson_head", vertical_alignment="center"):
        st.title(say(controller.texts.title), anchor=False)
        st.button(
            texts.LESSON["start_over"], key=f"{controller.name}.start_over", help=texts.LESSON["start_over_help"],
            icon=":material/replay:", on_click=controller.start_over,
        )  # fmt: skip
    st.markdown(say(controller.texts.lead))
