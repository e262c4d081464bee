"""How the charts are drawn: the reader's own choice, kept over pages and written into links."""

from math import isfinite
from typing import Any

import streamlit as st

from nnviz.charts.chart import View
from nnviz.charts.facts import figure, is_race
from nnviz.charts.words import fitting
from nnviz.records import Snapshot
from nnviz.ui import texts

_CLOCKS = ("updates", "epochs", "seconds")
_RACE_CLOCKS = ("updates", "examples", "seconds")
_USUAL_TARGET = 0.15  # of the untrained network's test loss


def view_controls(snapshot: Snapshot) -> View:
    """Draw the popover with the view's controls and return what they say."""
    race = is_race(snapshot)
    clocks = _RACE_CLOCKS if race else _CLOCKS
    with st.popover(texts.VIEW_HEADING, icon=":material/tune:"):
        clock = st.segmented_control(
            texts.VIEW["clock"][0], clocks, required=True, **_common("clock", "updates", clocks)
        )
        target = _target(snapshot) if race else None
        log_loss = st.toggle(texts.VIEW["log_loss"][0], **_common("log_loss", race, page="race." if race else ""))
        smoothing = st.slider(texts.VIEW["smoothing"][0], 0.0, 0.99, step=0.01, **_common("smoothing", 0.9))
        layers = layer_names(snapshot) or ("",)
        layer = st.selectbox(texts.VIEW["layer"][0], layers, **_common("layer", layers[0], layers))
        ridges = st.toggle(texts.VIEW["ridges"][0], disabled=race, **_common("ridges", False))
        is_plane = snapshot.scene is not None and snapshot.scene.inputs == 2
        discrete = st.toggle(texts.VIEW["discrete"][0], disabled=not is_plane, **_common("discrete", False))
        show_test = st.toggle(texts.VIEW["show_test"][0], disabled=not is_plane, **_common("show_test", True))
    return View(
        clock=str(clock), log_loss=log_loss, smoothing=float(smoothing), layer="" if layer == layers[0] else str(layer),
        ridges=ridges, discrete=discrete, show_test=show_test, target=target,
    )  # fmt: skip


def _target(snapshot: Snapshot) -> float | None:
    """Draw the field for the test loss to reach; by itself a share of where the untrained networks stand."""
    key, first = "view.target", snapshot.lanes[0].records[:1]
    usual = float(f"{_USUAL_TARGET * first[0].test_loss:.1g}") if first and isfinite(first[0].test_loss) else None
    value = st.session_state.get(key)
    st.session_state[key] = usual if value is None or not isfinite(value) else float(value)
    if st.session_state[key] is None:
        return None
    label, help_text = texts.VIEW["target"]
    label = fitting(label, figure(snapshot))
    return st.number_input(label, key=key, help=help_text, format="%.4g", step=0.05, persist_state="session")


def layer_names(snapshot: Snapshot) -> tuple[str, ...]:
    """List the layers that the histograms can show."""
    records = snapshot.lanes[0].records
    return tuple(layer.name for layer in records[-1].layers) if records else ()


def _common(name: str, usual: object, allowed: tuple[str, ...] = (), page: str = "") -> dict[str, Any]:
    """Give a widget its key and help; a value that is not offered (any more) becomes the usual one.

    `page` keeps what is usual on one page apart from what is on another.
    """
    key = f"view.{page}{name}"
    value = st.session_state.get(key, usual)
    if allowed and value not in allowed:
        value = usual
    if name == "smoothing":
        value = min(max(float(value), 0.0), 0.99)
    st.session_state[key] = value
    return {"key": key, "help": texts.VIEW[name][1], "persist_state": "session"}
