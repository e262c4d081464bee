"""Parts of a page that are drawn again by themselves."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, TypeVar, cast

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from nnviz.ui.page_runs import whole_part
from nnviz.ui.reader import follow_reader
from nnviz.ui.timer import timer

Section = TypeVar("Section", bound=Callable[..., Any])


def slot() -> DeltaGenerator:
    """Give a place to what is drawn at times only, so that all that comes after it keeps its own.

    Streamlit knows a fragment by its place. Where one moves, what the browser asks of it under its old name is dropped
    without a word: a turned knob, or the timer.
    """
    return st.container()


def fragment(section: Section, every_s: float | None = None, name: str = "", boards: Sequence[str] = ()) -> Section:
    """Make a part of the page that is drawn again by itself, also every so many seconds, in a container of its own.

    With boards that the server pushes to, the seconds are for a browser that it cannot reach.

    Where a fragment starts again while the page's answer has not yet been sent, Streamlit drops what the page drew
    of it. What comes after would then have no place in the browser, and the whole page would turn white; the container
    belongs to the page and keeps the place.  A section that stands on a page twice needs names.
    """

    @wraps(section)
    def spoken(*args: Any, **more: Any) -> Any:
        follow_reader()  # another thread may draw it again
        with whole_part(), st.container(gap=None):  # nothing moves where the timer comes or goes
            with slot():
                if every_s:
                    timer(f"{section.__qualname__}.{name}", every_s, boards)
            with st.container():
                return section(*args, **more)

    @wraps(section)
    def placed(*args: Any, **more: Any) -> Any:
        with st.container():
            return st.fragment(spoken)(*args, **more)

    return cast(Section, placed)
