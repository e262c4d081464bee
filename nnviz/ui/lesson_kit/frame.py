"""The frame of a lesson's page: where it stands among the lessons, its title and what it is about."""

from typing import Any

import streamlit as st

from nnviz.ui.lesson_kit.controller import LessonController
from nnviz.ui.lesson_kit.menu import LESSONS
from nnviz.ui.lesson_kit.progress import solved_in
from nnviz.ui.note import draw_note
from nnviz.words import lessons
from nnviz.words.language import say


def frame(controller: LessonController[Any]) -> None:
    """Set up a lesson's page; the first call of every lesson."""
    with st.container(horizontal=True, key="lessons", vertical_alignment="center", gap="small"):
        for place, (name, lesson) in enumerate(LESSONS.items(), 1):
            label = f"{place} · {say(lesson.texts.menu)}"
            is_done = not set(lesson.texts.tasks) - solved_in(name)
            st.page_link(
                lesson.path, label=f"**{label}**" if name == controller.name else label,
                icon=":material/check:" if is_done else None,
            )  # fmt: skip
    controller.open()
    draw_note()
    with st.container(horizontal=True, key="lesson_head", vertical_alignment="center"):
        st.title(say(controller.texts.title), anchor=False)
        st.button(
            lessons.LESSON["start_over"], key=f"{controller.name}.start_over", help=lessons.LESSON["start_over_help"],
            icon=":material/replay:", on_click=controller.start_over,
        )  # fmt: skip
    st.markdown(say(controller.texts.lead))
