"""The live knobs above the charts: a fragment of their own, so that turning one reruns a few lines."""

from contextlib import nullcontext
from typing import Any

import streamlit as st

from nnviz.catalog import Knob, label_of, optimizers_of
from nnviz.records.run import Snapshot
from nnviz.sessions.rights import Rights
from nnviz.sessions.session import Session
from nnviz.specs.experiment import Value
from nnviz.ui.fragment import fragment
from nnviz.ui.fresh import next_start
from nnviz.ui.held import Hand, told
from nnviz.ui.link import TRAIN, Address
from nnviz.ui.live_sliders import BATCH, first_and_more, slider_name
from nnviz.ui.note import draw_again, draw_late_note, refuse
from nnviz.ui.rate_test import rate_button
from nnviz.ui.registry import registry
from nnviz.ui.reports import reported
from nnviz.ui.schedules import lr_help
from nnviz.ui.settings import batch_slider
from nnviz.ui.train_tries import way_to_tries
from nnviz.ui.typed import beside, typed_field
from nnviz.ui.visitor import tab
from nnviz.ui.widgets import knob_widget
from nnviz.words import texts
from nnviz.words.language import say

_WIDTH_PX, _WIDE_PX = 150, 220


@fragment
def live_knobs(session_id: str, generation: int, *, rights: Rights, address: Address[Any, Any] = TRAIN) -> None:
    """Draw what may be turned while the run goes on; the run owns the values, the widgets mirror them."""
    session = registry().find(session_id)
    if session is None or session.generation != generation:
        draw_again()  # another run: the rest of the page is out of date, too
    snapshot = session.snapshot()
    with st.container(horizontal=True, key="live_knobs", vertical_alignment="bottom", gap="small"):
        shown, more = first_and_more(session.spec)
        for field, knob in shown:
            _knob(session, snapshot, field, knob, rights)
        _batch_size(session, snapshot, rights)
        if more:
            with st.popover(say(texts.MORE_KNOBS), icon=":material/more_horiz:"):
                for field, knob in more:
                    _knob(session, snapshot, field, knob, rights)
        rate_button(session, snapshot, rights=rights)
        if address is TRAIN:
            way_to_tries()
    draw_late_note()
    next_start(session, snapshot)
    address.write_turns(session, snapshot)


def _knob(session: Session, snapshot: Snapshot, field: str, knob: Knob, rights: Rights) -> None:
    """Draw a slider, and with it a field to type the value where there is one, kept side by side."""
    target, rule = f"{field}.{knob.name}", session.spec.optimizer_of(field).name
    name, value = slider_name(field, rule, knob.name), session.knob(target, snapshot)
    label, shown = label_of(session.spec, target), _in_hand((session.id, tab(), target), name, value)
    told = lr_help(session.spec, knob.name, texts.LIVE["help"].format(help=say(knob.help)))
    more: dict[str, Any] = {"disabled": not rights.may_steer, "help": told}
    width = _WIDTH_PX if len(optimizers_of(session.spec)) == 1 else _WIDE_PX
    with beside(name) if knob.typed else nullcontext():
        knob_widget(knob, shown, name, _slide, session.id, target, rule, label=str(label), width=width, **more)
        if knob.typed:
            typed_field(knob, value, name, _turn, session.id, target, rule, label=label, **more)


def _batch_size(session: Session, snapshot: Snapshot, rights: Rights) -> None:
    hand = session.id, tab(), "batch_size"
    shown = int(_in_hand(hand, BATCH, int(session.knob("batch_size", snapshot))))
    batch_slider(
        snapshot, BATCH, shown, _slide, session.id, "batch_size", "", width=_WIDTH_PX,
        disabled=not rights.may_steer, help=texts.LIVE["help"].format(help=texts.SETTINGS["batch_size"][1]),
    )  # fmt: skip


def _in_hand(hand: Hand, name: str, value: Value) -> Value:
    """Return what a slider of that name should show of a value: what its hand has told this page, if it is ahead."""
    own = reported(name)
    return own if own is not None and told().is_ahead(hand, float(value)) else value


def _slide(session_id: str, target: str, rule: str, value: float) -> None:
    """Follow a slider; what its hand has told by a line while it held it is done already."""
    session = registry().find(session_id)
    if session is not None and told().is_echo((session_id, tab(), target), float(value)):
        st.session_state["turns"] = session.turns
    else:
        _turn(session_id, target, rule, value)


def _turn(session_id: str, target: str, rule: str, value: float) -> None:
    """Ask the run for the change; this tab already shows it, so it need not be told of it again."""
    session = registry().find(session_id)
    if session is None:
        return
    told().forget((session_id, tab(), target))
    try:
        session.turn(target, float(value), rule=rule)
    except ValueError as error:
        refuse(texts.TRAIN.english["refused"], error)
    st.session_state["turns"] = session.turns
