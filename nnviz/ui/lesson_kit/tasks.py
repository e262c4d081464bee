"""The tasks of a lesson: each turns green when the state reaches it, and stays so; the next one has hints."""

from collections.abc import Mapping
from time import monotonic
from typing import Any

import streamlit as st

from nnviz.ui.lesson_kit.controller import LessonController
from nnviz.ui.lesson_kit.menu import LESSONS, after
from nnviz.ui.lesson_kit.progress import beginning, keep, solve, solved_in
from nnviz.ui.lesson_kit.tries import HINTS, tries_at, unfold
from nnviz.words import lessons
from nnviz.words.language import say


def tasks(controller: LessonController[Any], reached: Mapping[str, bool], *, progress: object = None) -> None:
    """Draw some tasks with a mark for each that has been reached; `progress` is what a try changes beside the state."""
    solve(controller.name, [name for name, is_reached in reached.items() if is_reached])
    solved = solved_in(controller.name)
    place = f"{controller.name}.tasks.{next(iter(reached))}"
    open_now = next((name for name in reached if name not in solved), None)
    with st.container(border=True, key=place, gap="xsmall"):
        _head(place, reached, solved)
        for name in reached:
            st.markdown(_line(controller, name, is_solved=name in solved, is_next=name == open_now))
            if name == open_now:
                _hints(controller, place, name, (controller.state, progress))
        if not set(controller.texts.tasks) - solved:
            _all_done(controller)


def _head(place: str, reached: Mapping[str, bool], solved: frozenset[str]) -> None:
    done = sum(name in solved for name in reached)
    with st.container(horizontal=True, gap=None):
        st.markdown(lessons.LESSON["tasks"].format(done=done, count=len(reached)), help=lessons.LESSON["tasks_help"])
        keep(place)


def _line(controller: LessonController[Any], name: str, *, is_solved: bool, is_next: bool) -> str:
    task = controller.texts.tasks[name]
    if is_solved:
        return f":green[:material/check_circle: **{task.text}**] {task.praise}"
    return f":material/radio_button_unchecked: {f'**{task.text}**' if is_next else task.text}"


def _hints(controller: LessonController[Any], place: str, name: str, state: object) -> None:
    task, attempt = controller.texts.tasks[name], f"{place}.{beginning(controller.name)}"
    tries = tries_at(attempt, name, state, monotonic())
    for opened in HINTS[: tries.opened]:
        st.markdown(f":material/lightbulb: {getattr(task, opened)}")
    if hint := tries.offer:
        label, help_text = lessons.LESSON_HINTS[hint]
        st.button(
            label, key=f"{place}.{name}.{hint}", help=help_text, icon=":material/lightbulb:", type="tertiary",
            on_click=unfold, args=(attempt, name, hint),
        )  # fmt: skip


def _all_done(controller: LessonController[Any]) -> None:
    following = after(controller.name)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{lessons.LESSON['all_done'].format(count=len(controller.texts.tasks))}**", width="content")
        if following is not None:
            title = say(LESSONS[following].texts.title)
            st.page_link(
                LESSONS[following].path, label=f"**{lessons.LESSON['next'].format(title=title)}**",
                icon=":material/arrow_forward:",
            )  # fmt: skip
