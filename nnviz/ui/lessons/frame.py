"""The frame of a lesson's page: where it stands among the lessons, its title and what it is about."""

from typing import Any

import streamlit as st

from nnviz.ui import texts
from nnviz.ui.lessons.desk import Desk
from nnviz.ui.lessons.menu import LESSONS
from nnviz.ui.notes import say_notes
from nnviz.ui.registry import hall
from nnviz.ui.shell import shell


def frame(desk: Desk[Any]) -> None:
    """Set up a lesson's page; the first call of every lesson."""
    shell(desk.texts.title)
    hall()
    with st.container(horizontal=True, key="lessons", vertical_alignment="center", gap="small"):
        for place, (name, lesson) in enumerate(LESSONS.items(), 1):
            label = f"{place} · {lesson.texts.menu}"
            st.page_link(lesson.path, label=f"**{label}**" if name == desk.name else label)
    desk.open()
    say_notes()
    with st.container(horizontal=True, key="lesson_head", vertical_alignment="center"):
        st.title(desk.texts.title, anchor=False)
        st.button(
            texts.LESSON["start_over"], key=f"{desk.name}.again", help=texts.LESSON["start_over_help"],
            icon=":material/replay:", on_click=desk.start_over,
        )  # fmt: skip
    st.markdown(desk.texts.lead)
