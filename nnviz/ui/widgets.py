"""One widget for each kind of knob, made from the catalogue's own description."""

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from nnviz.catalog import Knob
from nnviz.catalog.entry import ON_OFF
from nnviz.specs.experiment import Value
from nnviz.ui.reports import Bound, bound, bound_menu, bound_row, stops
from nnviz.ui.scales import log_stops, step_size
from nnviz.words.choices import choice_text
from nnviz.words.language import say
from nnviz.words.numbers import number

_LINE_PX = 28


def knob_widget(
    knob: Knob, value: Value, name: str, then: Callable[..., object], *args: object, label: str | None = None,
    **more: Any,
) -> None:  # fmt: skip
    """Draw a knob that shows `value`; `then(*args, new value)` is called when it is turned."""
    label = label or say(knob.label)
    bind = partial(bound, name, value, then, *args)
    more.setdefault("help", say(knob.help))
    if knob.choices == ON_OFF:
        row = bound_row(knob.choices, name, value, then, *args)
        st.segmented_control(label, format_func=choice_text, required=True, **row, **more)
    elif knob.choices:
        menu = bound_menu(knob.choices, name, value, then, *args)
        st.selectbox(label, format_func=choice_text, **menu, **more)
    elif isinstance(value, str) and knob.lines:
        st.text_area(label, height=_LINE_PX * knob.lines, **bind(), **more)
    elif isinstance(value, str):
        st.text_input(label, **bind(), **more)
    elif knob.log:
        _log_slider(knob, label, name, float(value), then, args, more)
    else:
        _slider(knob, label, name, value, then, args, more)


def _log_slider(
    knob: Knob, label: str, name: str, value: float, then: Callable[..., object], args: tuple[object, ...], more: Bound
) -> None:  # fmt: skip
    options = stops(name, log_stops(knob), value)
    st.select_slider(label, options, format_func=number, **bound(name, value, then, *args), **more)


def _slider(
    knob: Knob, label: str, name: str, value: Value, then: Callable[..., object], args: tuple[object, ...], more: Bound
) -> None:  # fmt: skip
    low, high = knob.shown or (knob.low or 0.0, knob.high or 1.0)
    low, high = min(low, float(value)), max(high, float(value))
    if knob.whole:
        bind = bound(name, int(value), then, *args, shape=(low, high))
        st.slider(label, int(low), int(high), step=1 if high - low <= 100 else 10, **bind, **more)
        return
    step = step_size(low, high, float(knob.default))
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    bind = bound(name, float(value), then, *args, shape=(low, high))
    st.slider(label, float(low), float(high), step=step, format=f"%.{decimals}f", **bind, **more)


def unfolded(name: str, *, is_needed: bool) -> bool:
    """Tell whether a part that folds stands open: once it was needed in this tab it does not shut under the hand."""
    key = f"unfolded.{name}"
    st.session_state[key] = is_needed or bool(st.session_state.get(key))
    return bool(st.session_state[key])
