"""What the sections of the lesson on losses share: its controller, and how counters and rows of formulas look."""

from collections.abc import Mapping, Sequence

import streamlit as st

from nnviz.lessons.losses.study import State
from nnviz.lessons.losses.texts import TEXTS
from nnviz.records.run import Doubles
from nnviz.ui.board.protocol import Counter
from nnviz.ui.lesson_kit.controller import LessonController

CONTROLLER = LessonController("losses", State, TEXTS)
WORDS = TEXTS.words


# Cards share a row evenly, and go to the next one rather than cut a formula off.
_STYLE = "<style>[class*=st-key-losses-cards]>*{flex:1 1 19.8rem!important;min-width:min(19.8rem,100%)}</style>"


def dress() -> None:
    """Lay out the cards of formulas."""
    st.html(_STYLE)


def head(section: str) -> None:
    """Draw a section's heading and its first sentences."""
    st.header(WORDS[f"{section}_title"], anchor=False)
    st.markdown(WORDS[f"{section}_text"])


def counters(values: Mapping[str, str]) -> list[Counter]:
    """Name numbers for the board; the words are `count_...`."""
    return [
        {"id": name, "label": WORDS[f"count_{name}"], "help": WORDS[f"count_{name}_help"], "value": value}
        for name, value in values.items()
    ]


def formulas(section: str, cards: Sequence[tuple[str, Sequence[str]]]) -> None:
    """Draw cards side by side, as many as find room: a line of text, and formulas below it."""
    with st.container(horizontal=True, key=f"losses.cards.{section}", gap="small"):
        for place, (text, lines) in enumerate(cards):
            with st.container(border=True, key=f"losses.{section}.{place}", gap="xsmall", height="stretch"):
                st.markdown(text)
                for line in lines:
                    st.latex(line)


def column(values: Sequence[float] | Doubles, decimals: int = 3) -> str:
    """Write a column for a formula, each entry with as many decimals, so that it never gets wider."""
    entries = r" \\ ".join(f"{value + 0.0:.{decimals}f}" for value in values)
    return r"\begin{bmatrix}" + entries + r"\end{bmatrix}"


def spell(value: float, digits: int = 5) -> str:
    """Write a number for a counter."""
    return f"{value:.{digits}g}"
