"""How the charts are drawn: the reader's own choice, kept over pages and written into links."""

from collections.abc import Callable
from math import isfinite
from typing import Any

import streamlit as st

from nnviz.charts.chart import View
from nnviz.charts.facts import is_compared, metric_of
from nnviz.records.run import Comparison, Snapshot
from nnviz.specs.experiment import Value
from nnviz.ui.reports import Bound, bound, bound_menu, bound_row
from nnviz.words import texts
from nnviz.words.language import say
from nnviz.words.metrics import of_metric

_CLOCKS = ("updates", "epochs", "seconds")
_RACE_CLOCKS = ("updates", "examples", "seconds")
_USUAL_TARGET = 0.15  # of the untrained network's test loss


def view_controls(snapshot: Snapshot, pin: Callable[[], None], tier: Callable[[], None]) -> View:
    """Draw the popover with the view's controls and return what they say; `pin`, `tier` draw what is the run's."""
    race = is_compared(snapshot) and snapshot.comparison != Comparison.BRANCH  # branches are drawn as their run was
    clocks = _RACE_CLOCKS if race else _CLOCKS
    with st.popover(say(texts.VIEW_HEADING), icon=":material/tune:"):
        clock = _shown("clock", "updates", clocks)
        bind = bound_row(clocks, *_binding("clock", clock))
        label, help_text = texts.VIEW["clock"]
        st.segmented_control(label, format_func=lambda name: texts.CLOCKS[name], required=True, help=help_text, **bind)
        target = _target(snapshot) if race else None
        log_loss = bool(_shown("log_loss", race, page="race." if race else ""))
        st.toggle(texts.VIEW["log_loss"][0], **_seen("log_loss", log_loss, page="race." if race else ""))
        earlier = race or _switch("earlier", True, is_off=not snapshot.ghosts)
        if not race:
            pin()
        smoothing = min(max(float(_shown("smoothing", 0.9)), 0.0), 0.99)
        st.slider(texts.VIEW["smoothing"][0], 0.0, 0.99, step=0.01, **_seen("smoothing", smoothing))
        layers = layer_names(snapshot) or ("",)
        layer = _shown("layer", layers[0], layers)
        bind = bound_menu(layers, *_binding("layer", layer))
        st.selectbox(texts.VIEW["layer"][0], help=texts.VIEW["layer"][1], **bind)
        ridges = _switch("ridges", False, is_off=race)
        is_plane = snapshot.scene is not None and snapshot.scene.inputs == 2
        discrete = _switch("discrete", False, is_off=not is_plane)
        show_test = _switch("show_test", True, is_off=not is_plane)
        tier()
    return View(
        clock=str(clock), log_loss=log_loss, smoothing=smoothing, layer="" if layer == layers[0] else str(layer),
        ridges=ridges, discrete=discrete, show_test=show_test, earlier=earlier, target=target,
    )  # fmt: skip


def _switch(name: str, usual: bool, *, is_off: bool) -> bool:
    value = bool(_shown(name, usual))
    st.toggle(texts.VIEW[name][0], disabled=is_off, **_seen(name, value))
    return value


def _target(snapshot: Snapshot) -> float | None:
    """Draw the field for the test loss to reach; by itself a share of where the untrained networks stand."""
    first = next((lane.judged[:1] for lane in snapshot.lanes if not lane.parent), ())  # a branch begins later
    usual = float(f"{_USUAL_TARGET * first[0].test_loss:.1g}") if first and isfinite(first[0].test_loss) else None
    wanted = st.session_state.get(choice_of("target"))
    value = usual if wanted is None or not isfinite(wanted) else float(wanted)
    if value is None:
        return None
    label, help_text = texts.VIEW["target"]
    label = of_metric(label, metric_of(snapshot))
    st.number_input(label, format="%.4g", step=0.05, **{**_seen("target", value), "help": help_text})
    return value


def layer_names(snapshot: Snapshot) -> tuple[str, ...]:
    """List the layers that the histograms can show."""
    records = snapshot.lanes[0].records
    return tuple(layer.name for layer in records[-1].layers) if records else ()


def choice_of(name: str, page: str = "") -> str:
    """Return where the session keeps what a reader has chosen of the view, apart from the widget that shows it.

    `page` keeps what is usual on one page apart from what is on another.
    """
    return f"seen.{page}{name}"


def _shown(name: str, usual: Value, allowed: tuple[str, ...] = (), page: str = "") -> Value:
    """Return the reader's choice; what is not offered (any more) becomes the usual one."""
    value: Value = st.session_state.get(choice_of(name, page), usual)
    return usual if allowed and value not in allowed else value


def _seen(name: str, value: Value, page: str = "") -> Bound:
    """Give a widget of the view its binding and its help."""
    return {**bound(*_binding(name, value, page)), "help": texts.VIEW[name][1]}


def _binding(name: str, value: Value, page: str = "") -> tuple[Any, ...]:
    return f"view.{page}{name}", value, _choose, choice_of(name, page)


def _choose(choice: str, value: Value) -> None:
    st.session_state[choice] = value
