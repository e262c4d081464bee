"""The live knobs above the charts: a fragment of their own, so that turning one reruns a few lines."""

from contextlib import nullcontext
from typing import Any

import streamlit as st

from nnviz.catalog import Knob, entry_of, label_of, live_of, optimizers_of
from nnviz.records.run import Snapshot
from nnviz.sessions.rights import Rights
from nnviz.sessions.session import Session
from nnviz.specs.experiment import ExperimentSpec
from nnviz.ui.fragment import fragment
from nnviz.ui.fresh import next_start
from nnviz.ui.link import TRAIN, Address
from nnviz.ui.note import draw_again, draw_late_note, refuse
from nnviz.ui.rate_test import rate_button
from nnviz.ui.registry import registry
from nnviz.ui.schedules import lr_help
from nnviz.ui.settings import batch_slider
from nnviz.ui.train_tries import way_to_tries
from nnviz.ui.typed import beside, typed_field
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


Live = list[tuple[str, Knob]]


def first_and_more(spec: ExperimentSpec) -> tuple[Live, Live]:
    """Part the live knobs, each with the field of its optimizer: at first, and for who asks for more.

    Where two networks learn, there is room for their learning rates only.
    """
    live = [(field, knob) for field, rule in live_of(spec).items() for knob in entry_of(field, rule).knobs if knob.live]
    is_single = len(optimizers_of(spec)) == 1
    first = [(field, knob) for field, knob in live if knob.typed or (is_single and not knob.more)]
    return first, [each for each in live if each not in first]


def _knob(session: Session, snapshot: Snapshot, field: str, knob: Knob, rights: Rights) -> None:
    """Draw a slider, and with it a field to type the value where there is one, kept side by side."""
    target = f"{field}.{knob.name}"
    start = "live" if field == "optimizer" else f"live.{field}"
    rule = session.spec.optimizer_of(field).name
    name, value, label = f"{start}.{rule}.{knob.name}", session.knob(target, snapshot), label_of(session.spec, target)
    told = lr_help(session.spec, knob.name, texts.LIVE["help"].format(help=say(knob.help)))
    more: dict[str, Any] = {"disabled": not rights.may_steer, "help": told}
    width = _WIDTH_PX if len(optimizers_of(session.spec)) == 1 else _WIDE_PX
    with beside(name) if knob.typed else nullcontext():
        then = (_turn, session.id, target, rule)
        knob_widget(knob, value, name, *then, label=str(label), width=width, **more)
        if knob.typed:
            typed_field(knob, value, name, *then, label=label, **more)


def _batch_size(session: Session, snapshot: Snapshot, rights: Rights) -> None:
    value = int(session.knob("batch_size", snapshot))
    batch_slider(
        snapshot, "live.batch_size", value, _turn, session.id, "batch_size", "", width=_WIDTH_PX,
        disabled=not rights.may_steer, help=texts.LIVE["help"].format(help=texts.SETTINGS["batch_size"][1]),
    )  # fmt: skip


def _turn(session_id: str, target: str, rule: str, value: float) -> None:
    """Ask the run for the change; this tab already shows it, so it need not be told of it again."""
    session = registry().find(session_id)
    if session is None:
        return
    try:
        session.turn(target, float(value), rule=rule)
    except ValueError as error:
        refuse(texts.TRAIN.english["refused"], error)
    st.session_state["turns"] = session.turns
