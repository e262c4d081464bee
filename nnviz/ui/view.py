"""How the charts are drawn: the reader's own choice, kept over pages and written into links."""

from typing import Any

import streamlit as st

from nnviz.charts.chart import View
from nnviz.records import Snapshot
from nnviz.ui import texts

_CLOCKS = ("updates", "epochs", "seconds")


def view_controls(snapshot: Snapshot) -> View:
    """Draw the popover with the view's controls and return what they say."""
    with st.popover(texts.VIEW_HEADING, icon=":material/tune:"):
        clock = st.segmented_control(
            texts.VIEW["clock"][0], _CLOCKS, required=True, **_common("clock", "updates", _CLOCKS)
        )
        log_loss = st.toggle(texts.VIEW["log_loss"][0], **_common("log_loss", False))
        smoothing = st.slider(texts.VIEW["smoothing"][0], 0.0, 0.99, step=0.01, **_common("smoothing", 0.9))
        layers = layer_names(snapshot) or ("",)
        layer = st.selectbox(texts.VIEW["layer"][0], layers, **_common("layer", layers[0], layers))
        ridges = st.toggle(texts.VIEW["ridges"][0], **_common("ridges", False))
        is_plane = snapshot.scene is not None and snapshot.scene.inputs == 2
        discrete = st.toggle(texts.VIEW["discrete"][0], disabled=not is_plane, **_common("discrete", False))
        show_test = st.toggle(texts.VIEW["show_test"][0], disabled=not is_plane, **_common("show_test", True))
    return View(
        clock=str(clock), log_loss=log_loss, smoothing=float(smoothing), layer="" if layer == layers[0] else str(layer),
        ridges=ridges, discrete=discrete, show_test=show_test,
    )  # fmt: skip


def layer_names(snapshot: Snapshot) -> tuple[str, ...]:
    """List the layers that the histograms can show."""
    records = snapshot.lanes[0].records
    return tuple(layer.name for layer in records[-1].layers) if records else ()


def _common(name: str, usual: object, allowed: tuple[str, ...] = ()) -> dict[str, Any]:
    """Give a widget its key and help; a value that is not offered (any more) becomes the usual one."""
    key = f"view.{name}"
    value = st.session_state.get(key, usual)
    if allowed and value not in allowed:
        value = usual
    if name == "smoothing":
        value = min(max(float(value), 0.0), 0.99)
    st.session_state[key] = value
    return {"key": key, "help": texts.VIEW[name][1], "persist_state": "session"}
