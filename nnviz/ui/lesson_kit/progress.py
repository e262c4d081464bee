"""Which tasks of the lessons are solved: in this tab, and in a cookie with which the next tab of this browser begins.

A cookie comes with the first request, so that no page is drawn twice; what it says is checked and cut before use.
"""

from collections.abc import Iterable
from uuid import uuid4

import streamlit as st

from nnviz.ui.board.serving import script_import
from nnviz.ui.lesson_kit.menu import LESSONS
from nnviz.words.cases import TEXTS

COOKIE = "nnviz_solved"
MOST = 4000  # characters of a cookie that are read; browsers keep hardly more
_SEPARATOR = "~"
_SOLVED, _FORGOTTEN = "lessons.solved", "lessons.forgotten"
_keeper = st.components.v2.component("nnviz_solved", html="", js=script_import("solved.js"), isolate_styles=False)


def solved_in(lesson: str) -> frozenset[str]:
    """Name the tasks of a lesson that are solved."""
    return frozenset(task for owner, _, task in (each.partition(".") for each in _solved()) if owner == lesson)


def solve(lesson: str, names: Iterable[str]) -> None:
    """Note that tasks of a lesson are solved."""
    st.session_state[_SOLVED] = _solved() | {f"{lesson}.{name}" for name in names}


def forget(*lessons: str) -> None:
    """Take all tasks of these lessons for open again, here and in the cookie."""
    st.session_state[_SOLVED] = frozenset(each for each in _solved() if each.partition(".")[0] not in lessons)
    marks = {each: uuid4().hex[:12] for each in lessons}  # the browser forgets once for each mark that it has not seen
    st.session_state[_FORGOTTEN] = {**st.session_state.get(_FORGOTTEN, {}), **marks}


def beginning(lesson: str) -> str:
    """Name when a lesson was begun anew in this tab; "" where it never was."""
    return str(st.session_state.get(_FORGOTTEN, {}).get(lesson, ""))


def keep(place: str) -> None:
    """Have the browser keep what is solved; places are unique on a page."""
    data = {
        "cookie": COOKIE, "separator": _SEPARATOR, "known": sorted(_kept()), "solved": sorted(_solved()),
        "forgotten": st.session_state.get(_FORGOTTEN, {}),
    }  # fmt: skip
    _keeper(key=f"solved.{place}", data=data, width="content")


def is_kept() -> bool:
    """Tell whether this browser takes cookies: it has the server's own."""
    return bool(st.context.cookies)


def known() -> frozenset[str]:
    """Name all tasks of all lessons as the cookie does: `lesson.task`."""
    return frozenset(f"{name}.{task}" for name, lesson in LESSONS.items() for task in lesson.texts.tasks)


def _kept() -> frozenset[str]:
    """Name all that a cookie may hold: the tasks, and the cases of the gallery."""
    return known() | {f"faults.{name}" for name in TEXTS}


def read(cookie: str) -> frozenset[str]:
    """Return the tasks that a cookie names, whatever else it may hold."""
    return _kept() & set(cookie[:MOST].split(_SEPARATOR))


def _solved() -> frozenset[str]:
    if _SOLVED not in st.session_state:
        st.session_state[_SOLVED] = read(st.context.cookies.get(COOKIE, ""))
    found: frozenset[str] = st.session_state[_SOLVED]
    return found
