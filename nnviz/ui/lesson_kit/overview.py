"""The overview of the lessons: where to go on, and a card for each, in the order of the lecture."""

from collections.abc import Mapping

import streamlit as st

from nnviz.ui.lesson_kit.menu import LESSONS
from nnviz.ui.lesson_kit.progress import forget, is_kept, keep, solved_in
from nnviz.ui.lesson_kit.way_on import pages_beyond
from nnviz.words import lessons
from nnviz.words.language import say

Progress = Mapping[str, tuple[int, int]]  # of each lesson: tasks done, and all of them


def overview() -> None:
    """Draw where to go on, the cards, and what becomes of what is done."""
    st.title(lessons.FOUNDATIONS["title"], anchor=False)
    st.markdown(lessons.FOUNDATIONS["lead"])
    progress = {name: _counted(name) for name in LESSONS}
    _go_on(progress)
    listed = list(enumerate(progress.items(), 1))
    for row in (listed[at : at + 3] for at in range(0, len(listed), 3)):
        for column, (number, (name, counts)) in zip(st.columns(3), row, strict=False):
            with column:
                _card(number, name, *counts)
    _kept(any(done for done, _ in progress.values()))


def next_lesson(progress: Progress) -> str | None:
    """Name the lesson to go on with: the latest one begun, or what comes after it, or one that was left out."""
    names = list(progress)
    begun = [place for place, name in enumerate(names) if progress[name][0]]
    start = begun[-1] if begun else 0
    unfinished = [name for name in names[start:] + names[:start] if progress[name][0] < progress[name][1]]
    return unfinished[0] if unfinished else None


def _counted(name: str) -> tuple[int, int]:
    tasks = LESSONS[name].texts.tasks
    return len(solved_in(name) & set(tasks)), len(tasks)


def _go_on(progress: Progress) -> None:
    done, count = (sum(counts) for counts in zip(*progress.values(), strict=True))
    name = next_lesson(progress)
    words = lessons.FOUNDATIONS["finished" if name is None else "go_on" if done else "begin"]
    with st.container(horizontal=True, vertical_alignment="center", key="lessons_go_on", gap="small"):
        st.markdown(words.format(done=done, count=count), width="content")
        if name is not None:
            label = f"**{list(LESSONS).index(name) + 1} · {say(LESSONS[name].texts.title)}**"
            st.page_link(LESSONS[name].path, label=label, icon=":material/arrow_forward:")
        keep("overview")
    if name is None:
        pages_beyond()


def _card(number: int, name: str, done: int, count: int) -> None:
    lesson = LESSONS[name]
    icon = ":green[:material/check_circle:]" if done == count else ":material/radio_button_unchecked:"
    with st.container(border=True, height="stretch"):
        st.page_link(lesson.path, label=f"**{number} · {say(lesson.texts.title)}**", icon=lesson.icon)
        st.caption(say(lesson.texts.card))
        st.markdown(f"{icon} {lessons.FOUNDATIONS['tasks'].format(done=done, count=count)}")


def _kept(is_begun: bool) -> None:
    """Say how long what is done is remembered, and offer to forget it."""
    with st.container(horizontal=True, vertical_alignment="center", key="lessons_kept", gap="small"):
        st.caption(lessons.FOUNDATIONS["kept" if is_kept() else "not_kept"], width="content")
        if is_begun:
            st.button(
                lessons.FOUNDATIONS["forget"], key="lessons.forget", help=lessons.FOUNDATIONS["forget_help"],
                type="tertiary", on_click=forget, args=tuple(LESSONS),
            )  # fmt: skip
