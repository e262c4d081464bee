"""Branches on the page: the choice of the lane that is steered, and the dialog from which a branch begins."""

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from nnviz.catalog import OPTIMIZERS, entry_of, label_of, live_of
from nnviz.records.run import Comparison, Snapshot
from nnviz.sessions.branches import can_branch, fork, knobs_at, let_go, origin, start_of, way_out
from nnviz.sessions.rights import Rights
from nnviz.sessions.session import Session
from nnviz.specs.experiment import Choice, Value
from nnviz.ui.asked import ASKED, VALUES, forget_fork, is_asked
from nnviz.ui.export import EXPORT_OPEN
from nnviz.ui.fragment import slot
from nnviz.ui.note import refuse
from nnviz.ui.registry import registry
from nnviz.ui.reports import bound_row
from nnviz.ui.widgets import knob_widget
from nnviz.words.language import say
from nnviz.words.numbers import number
from nnviz.words.past import BRANCHES, FORK


def branches(session: Session, snapshot: Snapshot, *, rights: Rights) -> None:
    """Draw what there is to choose among lanes, and the dialog where it was asked for."""
    with slot():
        if snapshot.comparison == Comparison.BRANCH:
            _row(session, snapshot, rights)
    with slot():
        if rights.may_steer and can_branch(session, snapshot.lanes[0]):
            _way_out(session, snapshot)
    is_free = st.session_state.get(EXPORT_OPEN) != session.id  # a page shows one dialog at a time
    if rights.may_steer and is_asked(session.id, session.generation) and is_free:
        _open(session, snapshot)


def _row(session: Session, snapshot: Snapshot, rights: Rights) -> None:
    lanes = sorted(snapshot.lanes, key=lambda lane: lane.racer)
    names = {lane.racer: say(lane.label) for lane in lanes}
    label, help_text = BRANCHES["focus"]
    with st.container(horizontal=True, key="branches", vertical_alignment="bottom", gap="small"):
        st.segmented_control(
            label, format_func=lambda racer: names[racer], help=help_text, required=True, width="content",
            disabled=not rights.may_steer,
            **bound_row(list(names), "branches.focus", session.focus, _focus, session.id),
        )  # fmt: skip
        word, why = BRANCHES["let_go"]
        st.button(
            word, key="branches.let_go", help=why, icon=":material/close:", type="tertiary",
            disabled=not rights.may_steer or not session.focus, on_click=_let_go, args=(session.id, session.focus),
        )  # fmt: skip


def _focus(session_id: str, racer: int) -> None:
    session = registry().find(session_id)
    if session is not None:
        session.focus_on(racer)


def _let_go(session_id: str, racer: int) -> None:
    session = registry().find(session_id)
    if session is not None:
        let_go(session, racer)


def _way_out(session: Session, snapshot: Snapshot) -> None:
    found = way_out(snapshot.lanes[0])
    if found is None:
        return
    step, rates = found
    words, why = BRANCHES["way_out"]
    st.button(
        words.format(step=step), key="branches.way_out", help=why.format(rates=", ".join(map(number, rates.values()))),
        icon=":material/healing:", type="primary", on_click=_go_on, args=(session.id, step, rates, None),
    )  # fmt: skip


def _go_on(session_id: str, step: int, changes: dict[str, float], optimizer: Choice | None) -> None:
    session = registry().find(session_id)
    if session is None:
        return
    try:
        fork(session, step, changes, optimizer)
    except ValueError as error:
        refuse(FORK.english["refused"], error)


# ---- the dialog ----


def _open(session: Session, snapshot: Snapshot) -> None:
    step = st.session_state[ASKED][2]
    title = FORK["title"].format(step=start_of(origin(snapshot, step), step))
    st.dialog(title, on_dismiss=forget_fork)(_form)(session.id, session.generation, step)


def _form(session_id: str, generation: int, step: int) -> None:
    """Draw what may be changed, as it was at that moment."""
    session = registry().find(session_id)
    if session is None or session.generation != generation:
        forget_fork()
        st.rerun()
    lane = origin(session.snapshot(), step)
    start = start_of(lane, step)
    st.markdown(FORK["lead"])
    if start != step:
        st.caption(FORK["nearest"].format(step=start))
    values: dict[str, Any] = st.session_state[VALUES]
    optimizer = _optimizer(lane.spec.optimizer, values)
    before = knobs_at(lane, start)
    if optimizer is None:
        _knobs(session, before, values)
    else:
        st.caption(FORK["fresh"].format(optimizer=say(OPTIMIZERS[optimizer.name].label)))
    turned = {target: value for target, value in values.items() if target in before and value != before[target]}
    args = (session_id, step, turned if optimizer is None else {}, optimizer)
    st.button(FORK["go"], key="fork.go", type="primary", on_click=_confirm, args=args)


def _confirm(*args: Any) -> None:
    _go_on(*args)
    forget_fork()


def _optimizer(present: Choice, values: dict[str, Any]) -> Choice | None:
    """Draw the menu of optimizers; None where it stays."""
    names = [present.name, *(name for name in OPTIMIZERS if name != present.name)]
    chosen = st.selectbox(
        FORK["optimizer"], names, key="fork.optimizer", format_func=lambda name: _label(name, present.name)
    )
    values["optimizer"] = chosen
    return Choice(chosen) if chosen != present.name else None


def _label(name: str, present: str) -> str:
    label = say(OPTIMIZERS[name].label)
    return FORK["same"].format(optimizer=label) if name == present else label


def _knobs(session: Session, before: dict[str, float], values: dict[str, Any]) -> None:
    """Draw the live knobs that everybody sees at first, and the batch size."""
    for field, choice in live_of(session.spec).items():
        for knob in entry_of(field, choice).knobs:
            target = f"{field}.{knob.name}"
            if knob.live and not knob.more:
                value, label = values.get(target, before[target]), str(label_of(session.spec, target))
                knob_widget(knob, value, f"fork.{target}", _setter(target), label=label)


def _setter(target: str) -> Callable[[Value], None]:
    return partial(_set, target)


def _set(target: str, value: Value) -> None:
    st.session_state[VALUES][target] = value
