"""What a widget shows and what its report is worth: the value lives elsewhere, the widget mirrors it."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import streamlit as st

from nnviz.specs.experiment import Value
from nnviz.ui.note import forget
from nnviz.ui.page_runs import last_whole, note_drawn, note_turned, page_number
from nnviz.words.numbers import number

_MARK = "#"
_ALIKE = 1e-11  # Streamlit takes two stops of a slider for the same below half of that
_DRAWN, _STOPS, _HEARD = (f"widgets.{word}" for word in ("drawn", "stops", "heard"))
Bound = dict[str, Any]


class _Drawing(NamedTuple):
    """How a widget was last drawn."""

    number: int  # of the drawings that had to replace what the browser showed; part of the key
    shape: object  # what else would make Streamlit take it for another widget
    page: int  # which run of the page drew it


def _key_for(name: str, value: Value | None, shape: object) -> str:
    """Return the key under which a widget shows a value: a new one where the browser would show another.

    With the key it is told what is still on its way from the browser from what a hand did to this drawing. A value that
    the browser has is not sent again, so that a hand which has moved on meanwhile is not set back.
    """
    drawings: dict[str, _Drawing] = st.session_state.setdefault(_DRAWN, {})
    note_drawn(name)
    before = drawings.get(name)
    number = before.number if before else 0
    key = _key(name, number)
    if before and (before.shape != shape or key not in st.session_state or st.session_state[key] != value):
        number += 1
    drawings[name] = _Drawing(number, shape, page_number())
    return _key(name, number)


def is_drawn(key: str) -> bool:
    """Tell whether a widget is on the page as it was drawn with this key.

    A browser sends the values of all widgets that it knows with every request, those too that have just been taken
    away or set to something else: nobody has asked for these.
    """
    drawn: _Drawing | None = st.session_state.get(_DRAWN, {}).get(_name(key))
    is_there = drawn is not None and drawn.page >= last_whole()
    return is_there and drawn is not None and drawn.number == int(key.partition(_MARK)[2] or 0)


def reported(name: str) -> Any:
    """Return what the browser has told of a widget as it was drawn last; None where there is none."""
    before: _Drawing | None = st.session_state.get(_DRAWN, {}).get(name)
    return None if before is None else st.session_state.get(_key(name, before.number))


def _key(name: str, number: int) -> str:
    return f"{name}{_MARK}{number}" if number else name


def _name(key: str) -> str:
    return key.partition(_MARK)[0]


def bound(
    name: str, value: Value | None, then: Callable[..., object], *args: object, shape: object = None,
    may_be_none: bool = False,
) -> Bound:  # fmt: skip
    """Bind a widget to a value that lives elsewhere: it shows it, and `then(*args, new value)` follows a hand.

    The value is the widget's default, never set through the session: what is set is lost where another answer overtakes
    this one, a default is in every answer.
    """
    key = _key_for(name, value, shape)
    return {"key": key, "value": value, "on_change": _pass_on, "args": (key, may_be_none, then, *args)}


def bound_menu(options: Iterable[Value], name: str, value: Value, then: Callable[..., object], *args: object) -> Bound:
    """Bind a menu as `bound` does."""
    listed, bind = list(options), bound(name, value, then, *args)
    return {"options": listed, "index": listed.index(bind.pop("value")), **bind}


def bound_row(
    options: Iterable[Value], name: str, value: Value | None, then: Callable[..., object], *args: object,
    may_be_none: bool = False,
) -> Bound:  # fmt: skip
    """Bind a row of buttons as `bound` does."""
    bind = bound(name, value, then, *args, may_be_none=may_be_none)
    return {"options": list(options), "default": bind.pop("value"), **bind}


def _pass_on(key: str, may_be_none: bool, then: Callable[..., object], *args: object) -> None:
    value = st.session_state.get(key)
    if is_drawn(key) and (value is not None or may_be_none):
        note_turned(_name(key))
        forget()
        then(*args, value)


def bound_field(name: str, text: str, then: Callable[..., object], *args: object) -> Bound:
    """Bind a field as `bound` does; what was typed while it was being drawn anew counts too, once.

    Nobody types a text by accident, while a slider may report what it was set to.
    """
    bind = bound(name, text, then, *args)
    return {**bind, "on_change": _pass_on_text, "args": (bind["key"], text, then, *args)}


def _pass_on_text(key: str, drawn: str, then: Callable[..., object], *args: object) -> None:
    heard: dict[str, str] = st.session_state.setdefault(_HEARD, {})
    text = st.session_state.get(key)
    if text is not None and text != heard.get(key, drawn):
        heard[key] = text
        note_turned(_name(key))
        forget()
        then(*args, text)


def stops(name: str, scale: Iterable[float], value: float) -> list[float]:
    """Add a value to the stops of a slider, for good: one that vanished would be reported as the first one.

    Of two that are written alike the value itself is kept, since the browser knows them by what is written; and of two
    that Streamlit takes for the same.
    """
    seen: dict[str, set[float]] = st.session_state.setdefault(_STOPS, {})
    seen.setdefault(name, set()).add(value)
    apart = [stop for stop in (*scale, *sorted(seen[name])) if abs(stop - value) > _ALIKE]
    written = {number(stop): stop for stop in (*apart, value)}
    return sorted(written.values())
