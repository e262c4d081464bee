"""The lanes of a race: who takes part, and each one's live knobs; a fragment of its own."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import streamlit as st

from nnviz.catalog import OPTIMIZERS, Knob
from nnviz.charts.palette import Style, lane_styles
from nnviz.records.run import Lane, Snapshot
from nnviz.sessions.race import RaceSession
from nnviz.sessions.rights import Rights
from nnviz.specs.experiment import Choice
from nnviz.specs.race import MOST_LANES, RaceSpec
from nnviz.ui.branches import let_go_button
from nnviz.ui.fragment import fragment
from nnviz.ui.fresh import next_start
from nnviz.ui.link import RACE
from nnviz.ui.note import draw_late_note, refuse
from nnviz.ui.registry import registry
from nnviz.ui.reports import bound_menu
from nnviz.ui.schedules import lr_help
from nnviz.ui.typed import typed_field
from nnviz.ui.widgets import knob_widget
from nnviz.words import texts
from nnviz.words.language import message, say, within
from nnviz.words.past import BRANCH

WIDTH_PX = 122  # eight in one row of a window of 1366 pixels, beside its sidebar
RaceEdit = Callable[[RaceSpec, Any], RaceSpec]
# What each dash pattern shows and leaves out along the line, in pixels.
_DASHES = {
    "dash": (9, 6), "dot": (4, 4), "dashdot": (9, 4, 4, 4), "longdash": (18, 6), "longdashdot": (18, 5, 4, 5),
}  # fmt: skip


@fragment
def lanes(session_id: str, generation: int, *, rights: Rights) -> None:
    """Draw a card for each racer: its line, its name that opens its settings, and its learning rate."""
    session = registry().find(session_id, RaceSession)
    if session is None or session.generation != generation:
        st.rerun()  # another race: the rest of the page is out of date, too
    snapshot = session.snapshot()
    st.caption(say(texts.LANES_CAPTION))
    with st.container(horizontal=True, key="lanes", gap="xsmall"):
        for card in cards(session, snapshot):
            with st.container(key=f"lane.{card.racer}", width=WIDTH_PX, gap="xxsmall"):
                _lane(session, snapshot, card, rights)
        if len(session.race.lanes) < MOST_LANES:
            _adder(session, rights)
    draw_late_note()
    next_start(session, snapshot)
    RACE.write_turns(session, snapshot)


class Card(NamedTuple):
    """A racer with the first of its lanes and its look; `rule` is its optimizer."""

    racer: int
    rule: str
    label: str
    lane: Lane
    style: Style


def cards(session: RaceSession, snapshot: Snapshot) -> list[Card]:
    """List the racers, then the branches."""
    own = {session.lanes_of(racer)[0]: label for racer, label in enumerate(session.labels)}
    pairs = enumerate(zip(snapshot.lanes, lane_styles(snapshot.lanes), strict=True))
    return [
        Card(lane.racer, lane.spec.optimizer.name, own.get(place, say(lane.label)), lane, style)
        for place, (lane, style) in pairs
        if place in own or lane.parent
    ]


def _lane(session: RaceSession, snapshot: Snapshot, card: Card, rights: Rights) -> None:
    st.html(swatch(card.style))
    settings = st.popover(card.label, width="stretch", key=f"lane.{card.racer}.settings", on_change="rerun")
    first, *others = [knob for knob in OPTIMIZERS[card.rule].knobs if knob.live]
    _knob(session, snapshot, card, first, rights, label_visibility="collapsed")
    if settings.open:
        with settings:
            if card.lane.parent:
                _origin(snapshot, card)
            else:
                _settings(session, card.racer, rights)
            _typed(session, snapshot, card, first, rights)
            _others(session, snapshot, card, others, rights)
            if card.lane.parent:
                let_go_button(session, card.racer, f"lane.{card.racer}.let_go", is_off=not rights.may_steer)
            else:
                _remove(session, card.racer, rights)


def _origin(snapshot: Snapshot, card: Card) -> None:
    """Say where a branch comes from."""
    parent = next((say(lane.label) for lane in snapshot.lanes if lane.id == card.lane.parent), "")
    rule = say(OPTIMIZERS[card.rule].label)
    words = "begun" if parent else "begun_alone"
    st.caption(BRANCH[words].format(parent=parent, step=card.lane.since, optimizer=rule))


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


def _knob(session: RaceSession, snapshot: Snapshot, card: Card, knob: Knob, rights: Rights, **more: str) -> None:
    target, racer, rule = f"optimizer.{knob.name}", card.racer, card.rule
    value = session.knob(target, snapshot, racer)
    named = say(texts.LANE_KNOB, lane=card.label, knob=within(say(knob.label))) if more else None
    knob_widget(
        knob, value, f"lane.{racer}.{rule}.{knob.name}", _turn, session.id, target, racer, rule, label=named,
        disabled=not rights.may_steer, help=None if more else texts.LIVE["help"].format(help=say(knob.help)), **more,
    )  # fmt: skip


def _others(session: RaceSession, snapshot: Snapshot, card: Card, knobs: Sequence[Knob], rights: Rights) -> None:
    """Draw a lane's other knobs, first those that a beginner needs."""
    for knob in (each for each in knobs if not each.more):
        _knob(session, snapshot, card, knob, rights)
    if more := [each for each in knobs if each.more]:
        with st.expander(say(texts.MORE_KNOBS)):
            for knob in more:
                _knob(session, snapshot, card, knob, rights)


def _typed(session: RaceSession, snapshot: Snapshot, card: Card, knob: Knob, rights: Rights) -> None:
    """Draw the field for a lane's learning rate."""
    target, racer, rule = f"optimizer.{knob.name}", card.racer, card.rule
    typed_field(
        knob, session.knob(target, snapshot, racer), f"lane.{racer}.{rule}.{knob.name}", _turn, session.id, target,
        racer, rule, label=message(knob.label), is_alone=True,
        disabled=not rights.may_steer,
        help=lr_help(session.race.base, knob.name, texts.LIVE["help"].format(help=say(knob.help))),
    )  # fmt: skip


def _settings(session: RaceSession, racer: int, rights: Rights) -> None:
    choice = session.race.lanes[racer]
    st.caption(say(OPTIMIZERS[choice.name].note))
    st.selectbox(
        texts.LANES["optimizer"][0], format_func=lambda name: say(OPTIMIZERS[name].label),
        help=texts.LANES["optimizer"][1], disabled=not rights.may_steer,
        **bound_menu(OPTIMIZERS, f"lane.{racer}.optimizer", choice.name, _edit, session.id, partial(_exchange, racer)),
    )  # fmt: skip


def _remove(session: RaceSession, racer: int, rights: Rights) -> None:
    is_last = len(session.race.lanes) <= 2
    st.button(
        texts.LANES["remove"][0], key=f"lane.{racer}.remove", icon=":material/delete:",
        disabled=not rights.may_steer or is_last, help=texts.LANES["remove"][1],
        on_click=_edit, args=(session.id, _without, racer),
    )  # fmt: skip


def _adder(session: RaceSession, rights: Rights) -> None:
    label, help_text = texts.LANES["add"]
    st.selectbox(
        label, label_visibility="collapsed", help=help_text, width=WIDTH_PX, disabled=not rights.may_steer,
        format_func=lambda name: say(OPTIMIZERS[name].label) if name in OPTIMIZERS else name,
        **bound_menu([label, *OPTIMIZERS], "lanes.add", label, _edit, session.id, _with),
    )  # fmt: skip


def _exchange(racer: int, race: RaceSpec, name: str) -> RaceSpec:
    """Put another optimizer into a lane, unless the lane has gone meanwhile."""
    if racer >= len(race.lanes) or race.lanes[racer].name == name:
        return race
    return race.with_lanes((*race.lanes[:racer], Choice(name), *race.lanes[racer + 1 :]))


def _without(race: RaceSpec, racer: int) -> RaceSpec:
    return race.with_lanes(race.lanes[:racer] + race.lanes[racer + 1 :])


def _with(race: RaceSpec, name: str) -> RaceSpec:
    return race.with_lanes((*race.lanes, Choice(name))) if name in OPTIMIZERS else race


def _edit(session_id: str, edit: RaceEdit, value: object) -> None:
    """Start a fresh race with other lanes; the rest of the page learns of it from this fragment."""
    session = registry().find(session_id, RaceSession)
    if session is not None:
        edit_race(session, lambda race: edit(race, value))


def edit_race(session: RaceSession, edit: Callable[[RaceSpec], RaceSpec]) -> None:
    """Start a fresh race after an edit, or keep the old one and say why not; one that changes nothing is none."""
    try:
        session.edit_race(edit)
    except ValueError as error:
        refuse(texts.TRAIN.english["refused"], error)


def _turn(session_id: str, target: str, racer: int, rule: str, value: float) -> None:
    """Ask the run for the change; this tab already shows it, so it need not be told of it again."""
    session = registry().find(session_id, RaceSession)
    if session is None:
        return
    try:
        session.turn(target, float(value), racer, rule=rule)
    except ValueError as error:
        refuse(texts.TRAIN.english["refused"], error)
    st.session_state["turns"] = session.turns
