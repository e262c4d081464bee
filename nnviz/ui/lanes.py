"""The lanes of a race: who takes part, and each one's live knobs; a fragment of its own."""

from dataclasses import replace
from functools import partial

import streamlit as st

from nnviz.catalog import OPTIMIZERS, Knob
from nnviz.charts.palette import Style, lane_styles
from nnviz.race import MOST_LANES, RaceSpec
from nnviz.records import Snapshot
from nnviz.spec import Choice
from nnviz.ui import texts
from nnviz.ui.link import RACE
from nnviz.ui.race_seats import RaceSeat
from nnviz.ui.registry import hall
from nnviz.ui.widgets import is_echo, knob_widget, mirror

WIDTH_PX = 125
# What each dash pattern shows and leaves out along the line, in pixels.
_DASHES = {
    "dash": (9, 6), "dot": (4, 4), "dashdot": (9, 4, 4, 4), "longdash": (18, 6), "longdashdot": (18, 5, 4, 5),
}  # fmt: skip


@st.fragment
def lanes(seat_id: str, *, is_locked: bool) -> None:
    """Draw a card for each racer: its line, its name that opens its settings, and its learning rate."""
    seat = hall().find_race(seat_id)
    if seat is None:
        return
    snapshot = seat.snapshot()
    styles = lane_styles(snapshot.lanes)
    st.caption(texts.LANES_CAPTION)
    with st.container(horizontal=True, key="lanes", gap="xsmall"):
        for racer in range(len(seat.race.lanes)):
            with st.container(key=f"lane.{racer}", width=WIDTH_PX, gap="xxsmall"):
                _lane(seat, snapshot, racer, styles[seat.lanes_of(racer)[0]], is_locked)
        if len(seat.race.lanes) < MOST_LANES:
            _adder(seat, is_locked)
    RACE.write_turns(seat, snapshot)


def _lane(seat: RaceSeat, snapshot: Snapshot, racer: int, style: Style, is_locked: bool) -> None:
    st.html(swatch(style))
    settings = st.popover(seat.labels[racer], width="stretch", key=f"lane.{racer}.settings", on_change="rerun")
    first, *others = [knob for knob in OPTIMIZERS[seat.race.lanes[racer].name].knobs if knob.live]
    _knob(seat, snapshot, racer, first, is_locked, label_visibility="collapsed")
    if settings.open:
        with settings:
            _settings(seat, racer, is_locked)
            for knob in others:
                _knob(seat, snapshot, racer, knob, is_locked)
            _remove(seat, racer, is_locked)


def swatch(style: Style) -> str:
    """Draw a lane's line with its dashes."""
    stops, at = [], 0
    for place, length in enumerate(_DASHES.get(style.dash, (1,))):
        colour = "transparent" if place % 2 else style.colour
        stops.append(f"{colour} {at}px {at + length}px")
        at += length
    return (
        f'<div style="height:4px;margin-top:4px;background:repeating-linear-gradient(90deg,{",".join(stops)})"></div>'
    )


def _knob(seat: RaceSeat, snapshot: Snapshot, racer: int, knob: Knob, is_locked: bool, **more: str) -> None:
    target = f"optimizer.{knob.name}"
    key = f"lane.{racer}.{seat.race.lanes[racer].name}.{knob.name}"
    label = seat.labels[racer]
    value = seat.knob(target, snapshot, racer)
    named = texts.LANE_KNOB.format(lane=label, knob=knob.label.lower()) if more else None
    knob_widget(
        knob, value, key, _turn, args=(seat.id, target, racer, key), disabled=is_locked, label=named,
        help=None if more else texts.LIVE["help"].format(help=knob.help), **more,
    )  # fmt: skip


def _settings(seat: RaceSeat, racer: int, is_locked: bool) -> None:
    choice = seat.race.lanes[racer]
    st.caption(OPTIMIZERS[choice.name].note)
    key = f"lane.{racer}.optimizer"
    mirror(key, choice.name)
    st.selectbox(
        texts.LANES["optimizer"][0], list(OPTIMIZERS), format_func=lambda name: OPTIMIZERS[name].label, key=key,
        help=texts.LANES["optimizer"][1], disabled=is_locked,
        on_change=_edit, args=(seat.id, partial(_exchange, racer, key)),
    )  # fmt: skip


def _remove(seat: RaceSeat, racer: int, is_locked: bool) -> None:
    is_last = len(seat.race.lanes) <= 2
    st.button(
        texts.LANES["remove"][0], key=f"lane.{racer}.remove", icon=":material/delete:", disabled=is_locked or is_last,
        help=texts.LANES["remove"][1], on_click=_edit, args=(seat.id, partial(_without, racer)),
    )  # fmt: skip


def _adder(seat: RaceSeat, is_locked: bool) -> None:
    key = "lanes.add"
    mirror(key, texts.LANES["add"][0])
    st.selectbox(
        texts.LANES["add"][0], [texts.LANES["add"][0], *OPTIMIZERS], key=key, label_visibility="collapsed",
        format_func=lambda name: OPTIMIZERS[name].label if name in OPTIMIZERS else name, help=texts.LANES["add"][1],
        width=WIDTH_PX, disabled=is_locked, on_change=_edit, args=(seat.id, partial(_with, key)),
    )  # fmt: skip


def _exchange(racer: int, key: str, race: RaceSpec) -> RaceSpec:
    name = st.session_state[key]
    return replace(race, lanes=(*race.lanes[:racer], Choice(name), *race.lanes[racer + 1 :]), journal=())


def _without(racer: int, race: RaceSpec) -> RaceSpec:
    return replace(race, lanes=race.lanes[:racer] + race.lanes[racer + 1 :], journal=())


def _with(key: str, race: RaceSpec) -> RaceSpec:
    name = st.session_state[key]
    return replace(race, lanes=(*race.lanes, Choice(name)), journal=()) if name in OPTIMIZERS else race


def _edit(seat_id: str, edit: partial[RaceSpec]) -> None:
    """Start a fresh race with other lanes; the rest of the page learns of it by its own refresh."""
    seat = hall().find_race(seat_id)
    if seat is not None:
        edit_race(seat, edit)


def edit_race(seat: RaceSeat, edit: partial[RaceSpec]) -> None:
    """Start a fresh race after an edit, or keep the old one and say why not."""
    try:
        seat.restart_race_with(edit)
    except ValueError as error:
        st.session_state["note"] = texts.TRAIN["refused"].format(reason=str(error).rstrip("."))


def _turn(seat_id: str, target: str, racer: int, key: str) -> None:
    """Ask the run for the change; this tab already shows it, so it need not be told of it again."""
    seat = hall().find_race(seat_id)
    if seat is None or is_echo(key):
        return
    try:
        seat.turn(target, float(st.session_state[key]), racer)
    except ValueError as error:
        st.session_state["note"] = texts.TRAIN["refused"].format(reason=str(error).rstrip("."))
    st.session_state["turns"] = seat.turns
