"""The component that draws the board in the browser, and what it reports."""

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st
from streamlit.components.v2.bidi_component import ComponentResult

from nnviz.ui.board.serving import board_import

Report = Callable[[], None]
# Plotly's own styles are global, so a shadow root would lose them.
_component = st.components.v2.component("nnviz_board", html="", js=board_import(), isolate_styles=False)


def show(
    key: str, data: bytes, *, on_lane: Report | None = None, on_place: Report | None = None,
    on_target: Report | None = None, on_dial: Report | None = None, on_handle: Report | None = None,
) -> ComponentResult:  # fmt: skip
    """Mount the board; a callback takes nothing and finds what was reported in `st.session_state[key]["lane"]`.

    "place", "target", "dial" and "handle" stand beside it, as in the result; each keeps its last value, whose `n` tells
    reports apart.
    The browser reports only where the payload has `reports`.
    """
    callbacks = {
        "lane": on_lane, "place": on_place, "target": on_target, "dial": on_dial, "handle": on_handle
    }  # fmt: skip
    heard: dict[str, Any] = {
        f"on_{kind}_change": partial(_heard, key, kind, then) for kind, then in callbacks.items() if then
    }
    return _component(key=key, data=data, **heard)


def _heard(key: str, kind: str, then: Report) -> None:
    """Pass a report on; what a browser has forgotten is none."""
    if st.session_state[key].get(kind) is not None:
        then()


def heard(key: str) -> int:
    """Count the reports of this board that have been dealt with: the browser sends the next one then."""
    reported = st.session_state.get(key) or {}
    return max((int(part.get("n", 0)) for kind in ("dial", "handle") if (part := reported.get(kind))), default=0)
