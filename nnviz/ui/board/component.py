"""The component that draws the board in the browser, and what it reports."""

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st
from streamlit.components.v2.bidi_component import ComponentResult

from nnviz.ui.board.protocol import with_more
from nnviz.ui.board.serving import script_import
from nnviz.ui.visitor import tab

Report = Callable[[], None]
# One after the other, whichever control they come from.
_NUMBERED = ("place", "target", "dial", "handle", "charts", "fork", "cure", "past")
# Plotly's own styles are global, so a shadow root would lose them.
_component = st.components.v2.component("nnviz_board", html="", js=script_import("board.js"), isolate_styles=False)


def show(
    key: str, data: bytes, *, on_lane: Report | None = None, on_place: Report | None = None,
    on_target: Report | None = None, on_dial: Report | None = None, on_handle: Report | None = None,
    on_charts: Report | None = None, on_fork: Report | None = None,
    on_cure: Report | None = None, on_past: Report | None = None,
) -> ComponentResult:  # fmt: skip
    """Mount the board; a callback takes nothing and finds what was reported in `st.session_state[key]["lane"]`.

    "place", "target", "dial", "handle", "charts", "fork", "cure" and "past" stand beside it, as in the result; each
    keeps its last value, whose `n` tells reports apart. The browser reports only where the payload has `reports`, and
    the next one when it is told that the last one was dealt with.
    """
    callbacks = {
        "lane": on_lane, "place": on_place, "target": on_target, "dial": on_dial, "handle": on_handle,
        "charts": on_charts, "fork": on_fork, "cure": on_cure, "past": on_past,
    }  # fmt: skip
    listeners: dict[str, Any] = {
        f"on_{kind}_change": partial(_pass_on, key, kind, then) for kind, then in callbacks.items() if then
    }
    count = _heard(key)
    more = {"heard": count} if count else {}
    return _component(key=key, data=with_more(data, tab=tab(), **more), **listeners)


def _pass_on(key: str, kind: str, then: Report) -> None:
    """Pass a report on; what a browser has forgotten is none."""
    if st.session_state[key].get(kind) is not None:
        then()


def _heard(key: str) -> int:
    """Count the reports of this board that have been dealt with."""
    reported = st.session_state.get(key) or {}
    return max((int(part.get("n", 0)) for kind in _NUMBERED if (part := reported.get(kind))), default=0)
