"""How often a page was drawn in this tab, and what a hand has turned that has not been drawn since."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import streamlit as st

_depth: ContextVar[int] = ContextVar("depth", default=0)
_PAGE, _WHOLE, _DUE = (f"widgets.{word}" for word in ("page", "whole", "due"))


def begin_page() -> None:
    """Note that a page is drawn from the top."""
    st.session_state[_PAGE] = page_number() + 1


def page_number() -> int:
    """Count the drawings of a page in this tab."""
    return int(st.session_state.get(_PAGE, 0))


def end_page() -> None:
    """Note that a page was drawn to its end: a widget that it did not draw is gone."""
    st.session_state[_WHOLE] = page_number()
    _due().clear()


def last_whole() -> int:
    """Return the number of the last drawing of a page that came to its end."""
    return int(st.session_state.get(_WHOLE, 0))


def note_turned(name: str) -> None:
    """Note that a hand has turned a widget: it and what stands beside it must be drawn."""
    _due().add(name)


def note_drawn(name: str) -> None:
    """Note that a widget is drawn, and with it all that stands in its part of the page."""
    _due().discard(name)


@contextmanager
def whole_part() -> Iterator[None]:
    """Draw a part of the page, and after it all of it where the part does not hold what a hand has turned.

    A browser may ask for a part by its timer in the very message that tells of the hand, and Streamlit takes that for a
    question about this part alone: what stands beside the widget, the address and a refusal would not be drawn.
    """
    token = _depth.set(_depth.get() + 1)
    try:
        yield
        is_alone = _depth.get() == 1 and last_whole() == page_number()  # neither within another one nor in a page
    finally:
        _depth.reset(token)
    if is_alone and _due():
        st.rerun()


def _due() -> set[str]:
    found: set[str] = st.session_state.setdefault(_DUE, set())
    return found
