"""Streamlit's own widgets, bound to a field of a lesson's state."""

from collections.abc import Mapping
from typing import Any, Literal

import streamlit as st

from nnviz.specs.lesson import bounds_of, field_of
from nnviz.ui.lesson_kit.controller import LessonController
from nnviz.ui.reports import bound, bound_menu, bound_row


def segments(controller: LessonController[Any], name: str, *, is_off: bool = False) -> None:
    """Draw a choice among a few names as a row of buttons."""
    words, bind = _words(controller, name), bound_row(*_binding(controller, name))
    st.segmented_control(
        format_func=lambda each: words[each], required=True, **bind, **_common(controller, name, is_off)
    )


def menu(
    controller: LessonController[Any], name: str, *, is_off: bool = False, width: int | Literal["stretch"] = "stretch"
) -> None:
    """Draw a choice among names as a menu."""
    words, bind = _words(controller, name), bound_menu(*_binding(controller, name))
    st.selectbox(format_func=lambda each: words[each], width=width, **bind, **_common(controller, name, is_off))


def toggle(controller: LessonController[Any], name: str, *, is_off: bool = False) -> None:
    """Draw a switch."""
    st.toggle(**bound(*_binding(controller, name)[1:]), **_common(controller, name, is_off))


def entry(controller: LessonController[Any], name: str, *, is_off: bool = False, width: int = 140) -> None:
    """Draw a field for a number."""
    bounds = bounds_of(field_of(controller.kind, name))
    kind = int if bounds.kind == "whole" else float
    ends: dict[str, Any] = {"min_value": kind(bounds.low), "max_value": kind(bounds.high), "step": kind(bounds.step)}
    st.number_input(width=width, **ends, **bound(*_binding(controller, name)[1:]), **_common(controller, name, is_off))


def action(
    controller: LessonController[Any], name: str, *, is_off: bool = False, icon: str | None = None, **changes: Any
) -> None:
    """Draw a button that changes some fields."""
    label, help_text = controller.texts.knobs[name]
    st.button(
        label,
        key=f"{controller.name}.{name}",
        help=help_text,
        icon=icon,
        disabled=is_off,
        on_click=controller.change,
        kwargs=changes,
    )


def _words(controller: LessonController[Any], name: str) -> Mapping[str, str]:
    return controller.texts.choices[name]


def _common(controller: LessonController[Any], name: str, is_off: bool) -> dict[str, Any]:
    label, help_text = controller.texts.knobs[name]
    return {"label": label, "help": help_text, "disabled": is_off}


def _binding(controller: LessonController[Any], name: str) -> tuple[Any, ...]:
    """Return what can be chosen, and what binds a widget to the field."""
    choices = bounds_of(field_of(controller.kind, name)).choices
    return choices, f"{controller.name}.{name}", getattr(controller.state, name), _take, controller, name


def _take(controller: LessonController[Any], name: str, value: Any) -> None:
    controller.change(**{name: value})
