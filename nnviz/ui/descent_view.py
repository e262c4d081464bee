"""The lanes of a descent and its board, in one fragment: turning a learning rate reruns these lines only."""

from functools import partial
from typing import Any

import streamlit as st

from nnviz.catalog import OPTIMIZERS, Knob
from nnviz.catalog.optimizers import labels
from nnviz.catalog.surfaces import suggested
from nnviz.charts.descent import DESCENT_CHARTS
from nnviz.charts.palette import Style, styles
from nnviz.records.descent import Descent
from nnviz.specs.descent import LANES, DescentSpec
from nnviz.specs.experiment import Choice, Value
from nnviz.specs.race import MOST_LANES
from nnviz.ui.board.component import show
from nnviz.ui.board.protocol import Payload, StatusLine, joined, stamped
from nnviz.ui.descent_controls import start_controls
from nnviz.ui.descents import INTERNALS, change, present_spec, write_link
from nnviz.ui.fragment import fragment
from nnviz.ui.lanes import WIDTH_PX, swatch
from nnviz.ui.note import is_due
from nnviz.ui.registry import registry
from nnviz.ui.reports import bound_menu, bound_row
from nnviz.ui.widgets import knob_widget
from nnviz.words import texts
from nnviz.words.board import BOARD
from nnviz.words.language import say, within
from nnviz.words.surfaces import SURFACE, SURFACES

_KEY = "surfaces"
_PER_SECOND = 60  # steps of the playback, at speed 1


@fragment
def descent_view() -> None:
    """Draw a card for each lane, and all trails."""
    spec = present_spec()
    names = labels(spec.lanes)
    st.caption(say(texts.LANES_CAPTION))
    with st.container(horizontal=True, key="lanes", gap="xsmall"):
        for place, style in enumerate(styles([lane.name for lane in spec.lanes])):
            with st.container(key=f"walker.{place}", width=WIDTH_PX, gap="xxsmall"):
                _lane(spec, place, names[place], style)
        if len(spec.lanes) < MOST_LANES:
            _adder()
    inside = _inside(spec, names)
    show(_KEY, message(registry().descents.of(spec), inside), on_place=_take_place, on_lane=_take_lane)
    write_link()
    if is_due():
        st.rerun()  # the sentence belongs above the page


def message(descent: Descent, inside: str | None) -> bytes:
    """Write what the board receives."""
    charts = [_chart(name, descent, inside) for name in DESCENT_CHARTS]
    spec = descent.spec
    token = f"{spec.surface} {spec.start} {spec.noise} {spec.seed}"
    head: Payload = {
        "key": _KEY, "stamp": str(hash((spec, inside))), "words": BOARD, "status": _status(descent),
        "counters": [], "log": [], "reports": True,
        "playback": {"steps": spec.steps, "token": token, "perSecond": _PER_SECOND, "follow": False},
    }  # fmt: skip
    return joined(head, charts)


def _chart(name: str, descent: Descent, inside: str | None) -> bytes:
    chart = DESCENT_CHARTS[name]
    figure = chart.draw(descent, inside)
    return stamped(
        {"id": name, "label": say(chart.label), "help": say(chart.help), "width": chart.width, "figure": figure}
    )


def _status(descent: Descent) -> StatusLine:
    """Say who came closest, or got lowest where there is no minimum, and who left."""
    gone = [trail for trail in descent.trails if trail.diverged_at is not None]
    said = [SURFACES["gone"].format(lane=trail.label, step=trail.diverged_at) for trail in gone]
    key = "closest" if len(descent.terrain.minima) else "lowest"
    reached = {
        trail.label: float((trail.distances if key == "closest" else trail.values)[-1])
        for trail in descent.trails
        if trail not in gone
    }
    if reached:
        best = min(reached, key=reached.__getitem__)
        words = {"lane": best, "distance": f"{reached[best]:.3g}", "steps": descent.spec.steps}
        said.insert(0, SURFACES[key].format(**words))
    return {"kind": "warn" if gone else "good", "text": " ".join(said)}


def _lane(spec: DescentSpec, place: int, label: str, style: Style) -> None:
    choice = spec.lanes[place]
    st.html(swatch(style))
    settings = st.popover(label, width="stretch", key=f"walker.{place}.settings", on_change="rerun")
    first, *others = OPTIMIZERS[choice.name].knobs
    _knob(choice, place, label, first, is_compact=True)
    if settings.open:
        with settings:
            _settings(spec, place)
            for knob in others:
                _knob(choice, place, label, knob, is_compact=False)
            st.button(
                texts.LANES["remove"][0], key=f"walker.{place}.remove", icon=":material/delete:",
                disabled=len(spec.lanes) < 2, help=SURFACE["remove"][1], on_click=change,
                args=(partial(_without, place),),
            )  # fmt: skip


def _knob(choice: Choice, place: int, label: str, knob: Knob, is_compact: bool) -> None:
    value = choice.knobs.get(knob.name, knob.default)
    more: dict[str, Any] = {"label_visibility": "collapsed"} if is_compact else {}
    named = say(texts.LANE_KNOB, lane=label, knob=within(say(knob.label))) if is_compact else None
    name = f"walker.{place}.{choice.name}.{knob.name}"
    knob_widget(knob, value, name, _turn, place, choice.name, knob.name, label=named, **more)


def _turn(place: int, rule: str, knob: str, value: Value) -> None:
    """Turn a lane's knob, unless the lane has another rule by now."""
    lanes = present_spec().lanes
    if place < len(lanes) and lanes[place].name == rule:
        change(lambda spec: _with_lane(place, spec.lanes[place].with_knobs(**{knob: value}), spec))


def _with_lane(place: int, lane: Choice, spec: DescentSpec) -> DescentSpec:
    return spec.with_(lanes=(*spec.lanes[:place], lane, *spec.lanes[place + 1 :]))


def _without(place: int, spec: DescentSpec) -> DescentSpec:
    return spec.with_(lanes=spec.lanes[:place] + spec.lanes[place + 1 :])


def _settings(spec: DescentSpec, place: int) -> None:
    name = spec.lanes[place].name
    st.caption(say(OPTIMIZERS[name].note))
    st.selectbox(
        texts.LANES["optimizer"][0], help=SURFACE["optimizer"][1],
        format_func=lambda name: say(OPTIMIZERS[name].label),
        **bound_menu(OPTIMIZERS, f"walker.{place}.optimizer", name, _exchange, place),
    )  # fmt: skip


def _exchange(place: int, name: str) -> None:
    if place < len(present_spec().lanes):
        change(lambda spec: _with_lane(place, _suggested(spec, name), spec))


def _suggested(spec: DescentSpec, name: str) -> Choice:
    (lane,) = suggested(spec.surface, (Choice(name),))
    return lane


def _adder() -> None:
    label, help_text = texts.LANES["add"]
    st.selectbox(
        label, label_visibility="collapsed", help=help_text, width=WIDTH_PX,
        format_func=lambda name: say(OPTIMIZERS[name].label) if name in OPTIMIZERS else name,
        **bound_menu([label, *OPTIMIZERS], "walker.add", label, _add),
    )  # fmt: skip


def _add(name: str) -> None:
    if name in OPTIMIZERS:
        change(lambda spec: spec.with_(lanes=(*spec.lanes, _suggested(spec, name))))


def _inside(spec: DescentSpec, names: tuple[str, ...]) -> str | None:
    """Draw the choice of the lane whose arrows are shown, and the start."""
    with st.container(horizontal=True, key="inside", vertical_alignment="bottom", gap="small"):
        found = st.session_state.get(INTERNALS)
        inside = str(found) if found in names else None
        label, help_text = SURFACE["inside"]
        bind = bound_row(names, "descent.internals", inside, _look_inside, may_be_none=True)
        st.segmented_control(label, help=help_text, **bind)
        label, help_text = SURFACE["all"]
        st.button(label, key="descent.all", help=help_text, on_click=change, args=(_all,))
        start_controls(spec)
    return inside


def _look_inside(lane: str | None) -> None:
    st.session_state[INTERNALS] = lane


def _all(spec: DescentSpec) -> DescentSpec:
    return spec.with_(lanes=suggested(spec.surface, LANES))


def _take_place() -> None:
    """Start from where the reader has clicked or dragged to."""
    found = st.session_state[_KEY]["place"]
    if found is not None:
        start = (float(f"{found['x']:.4g}"), float(f"{found['y']:.4g}"))
        change(lambda spec: spec.with_(start=start))


def _take_lane() -> None:
    """Show the inside of the lane that the reader has selected on a chart."""
    found = st.session_state[_KEY]["lane"]
    if found is not None:
        st.session_state[INTERNALS] = found["lane"]
