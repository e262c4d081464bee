"""The tasks of a lesson: each turns green when the state reaches it, and stays so."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from nnviz.ui.lesson_kit.controller import LessonController
from nnviz.words import texts


def tasks(controller: LessonController[Any], reached: Mapping[str, bool]) -> None:
    """Draw some tasks with a mark for each that has been reached in this tab."""
    solved = solved_in(controller.name) | {name for name, is_reached in reached.items() if is_reached}
    st.session_state[f"lesson.{controller.name}.solved"] = solved
    with st.container(border=True, key=f"{controller.name}.tasks.{next(iter(reached))}", gap="xsmall"):
        done = sum(name in solved for name in reached)
        st.markdown(texts.LESSON["tasks"].format(done=done, count=len(reached)))
        for name in reached:
            st.markdown(_line(controller, name, is_solved=name in solved))


def solved_in(lesson: str) -> frozenset[str]:
    """Name the tasks of a lesson that have been reached in this tab."""
    found: frozenset[str] = st.session_state.get(f"lesson.{lesson}.solved", frozenset())
    return found


def _line(controller: LessonController[Any], name: str, *, is_solved: bool) -> str:
    task = controller.texts.tasks[name]
    if is_solved:
        return f":green[:material/check_circle: **{task.text}**] {task.praise}"
    return f":material/radio_button_unchecked: **{task.text}** :gray[{task.hint}]"
