"""The guess: four names for what a run has, of which one is right."""

from collections.abc import Callable
from functools import partial
from zlib import crc32

import streamlit as st

from nnviz.catalog.cases import CASES
from nnviz.ui.gallery.address import look_at
from nnviz.ui.lesson_kit.progress import solve, solved_in
from nnviz.ui.reports import bound_row
from nnviz.words.cases import GALLERY, case_text

LESSON = "faults"  # under which what is solved is kept


def is_solved(name: str) -> bool:
    """Tell whether this reader has found out what a case is."""
    return name in solved_in(LESSON)


def is_open(name: str) -> bool:
    """Tell whether this reader knows what a case is, by a guess or because it was shown."""
    return is_solved(name) or name in _shown()


def _shown() -> frozenset[str]:
    found: frozenset[str] = st.session_state.get("faults.shown", frozenset())
    return found


def guess(name: str, way: Callable[[], None]) -> None:
    """Draw the names to choose from, or why it is so; `way` draws the way to where all can be set."""
    with st.container(border=True, key="guess", gap="xsmall"):
        if is_open(name):
            _told(name, way)
        else:
            _asked(name)


def _asked(name: str) -> None:
    tried = st.session_state.get(f"faults.guess.{name}")
    st.pills(
        GALLERY["guess"], format_func=lambda each: case_text(each).label, width="stretch",
        **bound_row(offered(name), f"faults.options.{name}", tried, _take, name, may_be_none=True),
    )  # fmt: skip
    st.button(GALLERY["show"], key="faults.show", type="tertiary", on_click=_show, args=(name,))
    if tried is not None:
        st.markdown(f":orange[:material/search:] {GALLERY['wrong'].format(hint=case_text(name).hint)}")


def offered(name: str) -> list[str]:
    """List a case and what it could be taken for, in an order that gives nothing away and is always the same."""
    return sorted((name, *CASES[name].others), key=lambda each: crc32(f"{name} {each}".encode()))


def _take(name: str, answer: str | None) -> None:
    st.session_state[f"faults.guess.{name}"] = answer
    if answer == name:
        solve(LESSON, [name])


def _show(name: str) -> None:
    st.session_state["faults.shown"] = _shown() | {name}


def _told(name: str, way: Callable[[], None]) -> None:
    """Say what it is and why, how to go on, and where the next case is."""
    text = case_text(name)
    head = GALLERY["right" if is_solved(name) else "shown"].format(label=text.label)
    icon = ":green[:material/check_circle:]" if is_solved(name) else ":material/visibility:"
    st.markdown(f"{icon} **{head}** {text.why}")
    st.markdown(GALLERY["cure"])
    left = [each for each in CASES if not is_open(each)]
    with st.container(horizontal=True, vertical_alignment="center"):
        if left:
            then = partial(look_at, left[0])
            st.button(GALLERY["next"], key="faults.next", icon=":material/arrow_forward:", on_click=then)
        else:
            st.markdown(f"**{GALLERY['all']}**", width="content")
        way()
