"""The overview of the lessons: a card for each, in the order of the lecture."""

from collections.abc import Mapping

import streamlit as st

from nnviz.ui.lesson_kit.menu import LESSONS
from nnviz.ui.lesson_kit.tasks import solved_in
from nnviz.words import texts
from nnviz.words.language import say
from nnviz.words.lesson import Task


def overview() -> None:
    """Draw the cards."""
    st.title(texts.FOUNDATIONS["title"], anchor=False)
    st.markdown(texts.FOUNDATIONS["lead"])
    lessons = list(enumerate(LESSONS.items(), 1))
    for row in (lessons[at : at + 3] for at in range(0, len(lessons), 3)):
        for column, (number, (name, lesson)) in zip(st.columns(3), row, strict=False):
            with column, st.container(border=True, height="stretch"):
                st.page_link(lesson.path, label=f"**{number} · {say(lesson.texts.title)}**", icon=lesson.icon)
                st.caption(say(lesson.texts.card))
                st.markdown(_progress(lesson.texts.tasks, solved_in(name)))


def _progress(tasks: Mapping[str, Task], solved: frozenset[str]) -> str:
    """Say how many tasks are done in this tab."""
    done = len(solved & set(tasks))
    icon = ":green[:material/check_circle:]" if done == len(tasks) else ":material/radio_button_unchecked:"
    return f"{icon} {texts.FOUNDATIONS['tasks'].format(done=done, count=len(tasks))}"
