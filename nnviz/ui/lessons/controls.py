"""Streamlit's own widgets, bound to a field of a lesson's state."""

from collections.abc import Mapping
from typing import Any, Literal

import streamlit as st

from nnviz.lesson import bounds_of, field_of
from nnviz.ui.lessons.desk import Desk
from nnviz.ui.widgets import is_echo, mirror


def segments(desk: Desk[Any], name: str, *, is_off: bool = False) -> None:
    """Draw a choice among a few names as a row of buttons."""
    words, common = _words(desk, name), _common(desk, name, is_off)
    options = list(bounds_of(field_of(desk.kind, name)).choices)
    st.segmented_control(options=options, format_func=lambda each: words[each], required=True, **common)


def menu(desk: Desk[Any], name: str, *, is_off: bool = False, width: int | Literal["stretch"] = "stretch") -> None:
    """Draw a choice among names as a menu."""
    words, common = _words(desk, name), _common(desk, name, is_off)
    options = list(bounds_of(field_of(desk.kind, name)).choices)
    st.selectbox(options=options, format_func=lambda each: words[each], width=width, **common)


def toggle(desk: Desk[Any], name: str, *, is_off: bool = False) -> None:
    """Draw a switch."""
    st.toggle(**_common(desk, name, is_off))


def entry(desk: Desk[Any], name: str, *, is_off: bool = False, width: int = 140) -> None:
    """Draw a field for a number."""
    bounds = bounds_of(field_of(desk.kind, name))
    kind = int if bounds.kind == "whole" else float
    ends: dict[str, Any] = {"min_value": kind(bounds.low), "max_value": kind(bounds.high), "step": kind(bounds.step)}
    st.number_input(width=width, **ends, **_common(desk, name, is_off))


def action(desk: Desk[Any], name: str, *, is_off: bool = False, icon: str | None = None, **changes: Any) -> None:
    """Draw a button that changes some fields."""
    label, help_text = desk.texts.knobs[name]
    st.button(
        label,
        key=f"{desk.name}.{name}",
        help=help_text,
        icon=icon,
        disabled=is_off,
        on_click=desk.change,
        kwargs=changes,
    )


def _words(desk: Desk[Any], name: str) -> Mapping[str, str]:
    return desk.texts.choices[name]


def _common(desk: Desk[Any], name: str, is_off: bool) -> dict[str, Any]:
    key = f"{desk.name}.{name}"
    label, help_text = desk.texts.knobs[name]
    mirror(key, getattr(desk.state, name))
    told = {"on_change": _taken, "args": (desk, name, key)}
    return {"label": label, "key": key, "help": help_text, "disabled": is_off, **told}


def _taken(desk: Desk[Any], name: str, key: str) -> None:
    value = st.session_state[key]
    if value is not None and not is_echo(key):
        desk.change(**{name: value})
