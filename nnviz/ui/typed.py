"""A number that can be typed: a field that shows what the slider beside it shows, and refuses in a sentence."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

import streamlit as st

from nnviz.catalog import Knob
from nnviz.ui.note import refuse
from nnviz.ui.reports import bound_field
from nnviz.words import errors, texts
from nnviz.words.language import Message, message, say

WIDTH_PX = 92  # of 0.000123456 as well as of 1.23456e-05
_LONGEST = 40


def typed_field(
    knob: Knob, value: float, name: str, then: Callable[..., object], *args: object, label: Message,
    is_alone: bool = False, **more: Any,
) -> None:  # fmt: skip
    """Draw the field of a knob, alone under its `label` or beside the slider; `then(*args, new value)` hears of it."""
    bind = bound_field(f"{name}.typed", typed(value), partial(_take, knob, label, then), *args)
    if is_alone:
        st.text_input(str(label), max_chars=_LONGEST, **more, **bind)
    else:
        looks = {"label_visibility": "collapsed", "width": WIDTH_PX, **more}
        st.text_input(say(texts.TYPED, label=str(label)), max_chars=_LONGEST, **looks, **bind)


def beside(name: str) -> AbstractContextManager[object]:
    """Keep a slider and its field side by side, also where a row of controls is broken."""
    return st.container(horizontal=True, gap="xsmall", vertical_alignment="bottom", width="content", key=f"row.{name}")


def typed(value: float) -> str:
    """Write a number as it is typed: without commas, which some readers take for points."""
    return f"{value:g}"


def read_typed(knob: Knob, label: Message, text: str) -> float:
    """Read what was typed for a knob; raises ValueError naming it and the range."""
    try:
        return float(knob.validate(float(text)))
    except ValueError:
        words = errors.NUMBERS["typed"]
        raise ValueError(message(words, name=label, low=knob.low, high=knob.high, value=text)) from None


def _take(knob: Knob, label: Message, then: Callable[..., object], *args: Any) -> None:
    """Hand on what was typed, or keep the sentence that refuses it: the field shows the value that holds again."""
    *known, text = args
    try:
        value = read_typed(knob, label, text)
    except ValueError as error:
        refuse(texts.TRAIN.english["refused"], error)
    else:
        then(*known, value)
