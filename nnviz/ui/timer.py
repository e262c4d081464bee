"""What draws a part of a page again and again.

Streamlit's own timer, `run_every`, sends along what is pressed at that moment, and a click that is sent twice is taken
for two: Pause, and Play. The browser's part of this one, `static/timer.js`, waits until a click has gone.
"""

from collections.abc import Sequence

import streamlit as st

from nnviz.ui.board.serving import script_import

_component = st.components.v2.component("nnviz_timer", html="", js=script_import("timer.js"), isolate_styles=False)


def timer(name: str, every_s: float, boards: Sequence[str] = ()) -> None:
    """Let the browser ask for the fragment that this stands in, so long after it did so last; names are unique.

    boards: keys of boards that the server pushes to; while it does, only they let the browser ask.
    """
    key = f"timer.{name}"
    heard = (st.session_state.get(key) or {}).get("beat") or 0
    data = {"every": 1000 * every_s, "beat": heard, "boards": list(boards)}
    _component(key=key, data=data, on_beat_change=_nothing, width="content")


def _nothing() -> None:
    """Asking is enough: the fragment is drawn."""
