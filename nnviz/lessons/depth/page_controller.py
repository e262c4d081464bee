"""The controller of the lesson on depth, which its three sections share."""

import streamlit as st

from nnviz.lessons.depth.state import State
from nnviz.lessons.depth.texts import TEXTS
from nnviz.ui.board.protocol import Counter
from nnviz.ui.lesson_kit.controller import LessonController

CONTROLLER = LessonController("depth", State, TEXTS)
WORDS = TEXTS.words
MOST_DRAWS = 99


def following(number: int) -> int:
    """Return the next seed; after the last one comes the first."""
    return number % MOST_DRAWS + 1


def counter(name: str, value: str, help_name: str = "") -> Counter:
    """Describe a number above the figures."""
    return {"id": name, "label": WORDS[name], "help": WORDS[help_name or f"{name}_help"], "value": value}


def formulas(name: str, *rows: tuple[str, ...]) -> None:
    """Write rows of some words and the formulas that follow them; where the page is narrow, rows break between them."""
    # Braces keep a formula in one piece: it would be broken at its equals signs otherwise.
    lines = [" &emsp; ".join((words, *(rf"${{\displaystyle {part}}}$" for part in parts))) for words, *parts in rows]
    with st.container(border=True, key=f"depth.{name}.formulas"):
        st.markdown("\n\n".join(lines))
