"""One widget for each kind of knob, made from the catalogue's own description."""

import math
from collections.abc import Callable
from dataclasses import replace
from time import monotonic
from typing import Any

import streamlit as st

from nnviz.catalog import Knob
from nnviz.catalog.entry import ON_OFF
from nnviz.spec import Value

_ECHO_S = 1.5
_LINE_PX = 28


def mirror(key: str, value: Value | tuple[float, float] | None) -> None:
    """Make the widget with this key show a value, whatever it showed before."""
    before = st.session_state.get(key, value)
    if before != value:
        st.session_state[f"echo.{key}"] = (before, monotonic() + _ECHO_S)
    st.session_state[key] = value


def is_echo(key: str) -> bool:
    """Tell whether a change only brings back what `mirror` has just replaced.

    A refresh that left the browser before the new value arrived still carries the old one; nobody has asked for it.
    """
    before, until = st.session_state.get(f"echo.{key}", (None, 0.0))
    return bool(monotonic() < until and st.session_state.get(key) == before)


def log_scale(low: float, high: float, *also: float) -> list[float]:
    """List 1, 3, 10, 30 ... from low to high (0 too where low is 0), with the values in `also` among them."""
    ends = (math.floor(math.log10(low or 1e-5)), math.ceil(math.log10(high)))
    marks = [float(f"{digit}e{power}") for power in range(ends[0], ends[1] + 1) for digit in (1, 3)]
    inside = {mark for mark in marks if low <= mark <= high} | ({0.0} if low == 0 else set())
    return sorted(inside | {float(value) for value in also})


def step_size(low: float, high: float, default: float) -> float:
    """Return a round step with about a hundred stops, fine enough that the default is one of them."""
    step: float = 10.0 ** math.floor(math.log10((high - low) / 50))
    while not math.isclose(round(default / step) * step, default, abs_tol=step * 1e-6):
        step /= 10
    return step


def knob_widget(
    knob: Knob, value: Value, key: str, changed: Callable[..., None], label: str | None = None, **more: Any
) -> None:
    """Draw a knob that shows `value`; the new value waits in `st.session_state[key]` when `changed` is called."""
    knob = replace(knob, label=label) if label else knob
    common = {"key": key, "on_change": changed, "help": more.pop("help", knob.help), **more}
    if knob.choices == ON_OFF:
        mirror(key, value)
        st.segmented_control(knob.label, knob.choices, required=True, **common)
    elif knob.choices:
        mirror(key, value)
        st.selectbox(knob.label, knob.choices, format_func=lambda word: str(word).replace("_", " "), **common)
    elif isinstance(value, str):
        mirror(key, value)
        if knob.lines:
            st.text_area(knob.label, height=_LINE_PX * knob.lines, **common)
        else:
            st.text_input(knob.label, **common)
    elif knob.log:
        _log_slider(knob, float(value), common)
    else:
        _slider(knob, value, common)


def _log_slider(knob: Knob, value: float, common: dict[str, Any]) -> None:
    low, high = knob.shown or (knob.low or 0.0, knob.high or 1.0)
    also = [value, float(knob.default)] + ([low, high] if knob.whole else []) + ([0.0] if knob.low == 0 else [])
    options = log_scale(low, high, *also)
    mirror(common["key"], value)
    st.select_slider(knob.label, options, format_func=number, **common)


def _slider(knob: Knob, value: float, common: dict[str, Any]) -> None:
    low, high = knob.shown or (knob.low or 0.0, knob.high or 1.0)
    low, high = min(low, value), max(high, value)
    if knob.whole:
        mirror(common["key"], int(value))
        st.slider(knob.label, int(low), int(high), step=1 if high - low <= 100 else 10, **common)
        return
    step = step_size(low, high, float(knob.default))
    mirror(common["key"], float(value))
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    st.slider(knob.label, float(low), float(high), step=step, format=f"%.{decimals}f", **common)


def number(value: float) -> str:
    """Write a number of a scale: 10,000 and 0.003 and 1e-05."""
    return f"{value:,.0f}" if value >= 1000 else f"{value:g}"
