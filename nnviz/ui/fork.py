"""The dialog from which a branch begins: of which lane, and what is changed there."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, cast

import streamlit as st

from nnviz.catalog import OPTIMIZERS, entry_of, label_of, live_of
from nnviz.records.moments import focused
from nnviz.records.run import Comparison, Lane, Snapshot
from nnviz.runs.branch import MOST_LANES, is_full
from nnviz.runs.run import Run
from nnviz.sessions.branches import fork, knobs_at, origin, start_of
from nnviz.sessions.session import Session
from nnviz.specs.experiment import Choice, Value
from nnviz.ui.asked import ASKED, VALUES, forget_fork
from nnviz.ui.note import refuse
from nnviz.ui.registry import registry
from nnviz.ui.widgets import knob_widget
from nnviz.words.language import say
from nnviz.words.past import BRANCHES, FORK

_LANE = "lane"  # among what is to be changed: of which lane


def go_on(
    session_id: str, racer: int, step: int, changes: Mapping[str, float], optimizer: Choice | None = None,
    is_waited_for: bool = True,
) -> None:  # fmt: skip
    """Let a branch begin, or say why it cannot."""
    session = registry().find(session_id)
    if session is None:
        return
    try:
        fork(session, step, changes, optimizer, racer, is_waited_for=is_waited_for)
    except ValueError as error:
        refuse(FORK.english["refused"], error)


def open_fork(session: Session, snapshot: Snapshot) -> None:
    """Draw the dialog over the page."""
    step = st.session_state[ASKED][2]
    title = FORK["title"].format(step=start_of(origin(snapshot, step), step))
    st.dialog(title, on_dismiss=forget_fork)(_form)(session.id, session.generation, step)


def _form(session_id: str, generation: int, step: int) -> None:
    """Draw what may be changed, as it was at that moment."""
    session = registry().find(session_id)
    if session is None or session.generation != generation:
        forget_fork()
        st.rerun()
    run = cast(Run, session.run)
    if is_full(run.lanes, run.ahead):
        st.markdown(FORK["full"].format(most=MOST_LANES))
        return
    values: dict[str, Any] = st.session_state[VALUES]
    snapshot = session.snapshot()
    st.markdown(FORK["lead"])
    racer = _racer(session, snapshot, values)
    lane = origin(focused(snapshot, racer), step)
    start = start_of(lane, step)
    if start != step:
        st.caption(FORK["nearest"].format(step=start))
    optimizer = _optimizer(lane, values)
    before = knobs_at(lane, start)
    if optimizer is None:
        _knobs(lane, before, values)
    else:
        st.caption(FORK["fresh"].format(optimizer=say(OPTIMIZERS[optimizer.name].label)))
    turned = {target: value for target, value in values.items() if target in before and value != before[target]}
    is_waited_for = _wait(lane.step - start)
    args = (session_id, racer, step, turned if optimizer is None else {}, optimizer, is_waited_for)
    st.button(FORK["go"], key="fork.go", type="primary", on_click=_confirm, args=args)


def _confirm(*args: Any) -> None:
    go_on(*args)
    forget_fork()


def _racer(session: Session, snapshot: Snapshot, values: dict[str, Any]) -> int:
    """Draw the choice of a lane where all are looked at side by side; else it is the one in focus."""
    first = snapshot.lanes[0].racer
    if snapshot.comparison not in (Comparison.RACE, Comparison.TWIN):
        return first
    names = {lane.racer: say(lane.label) for lane in snapshot.lanes if lane.stored}
    chosen = st.selectbox(FORK["lane"], list(names), key="fork.lane", format_func=lambda racer: names[racer])
    if values.get(_LANE, first) != chosen:
        values.clear()  # what was turned was another one's
    values[_LANE] = chosen
    return int(chosen)


def _optimizer(lane: Lane, values: dict[str, Any]) -> Choice | None:
    """Draw the menu of optimizers; None where it stays."""
    present = lane.spec.optimizer.name
    names = [present, *(name for name in OPTIMIZERS if name != present)]
    chosen = st.selectbox(
        FORK["optimizer"], names, key=f"fork.optimizer.{lane.racer}", format_func=lambda name: _label(name, present)
    )
    values["optimizer"] = chosen
    return Choice(chosen) if chosen != present else None


def _label(name: str, present: str) -> str:
    label = say(OPTIMIZERS[name].label)
    return FORK["same"].format(optimizer=label) if name == present else label


def _knobs(lane: Lane, before: dict[str, float], values: dict[str, Any]) -> None:
    """Draw the live knobs that everybody sees at first, and the batch size."""
    for field, choice in live_of(lane.spec).items():
        for knob in entry_of(field, choice).knobs:
            target = f"{field}.{knob.name}"
            if knob.live and not knob.more:
                value, label = values.get(target, before[target]), str(label_of(lane.spec, target))
                knob_widget(knob, value, f"fork.{lane.racer}.{target}", _setter(target), label=label)


def _setter(target: str) -> Callable[[Value], None]:
    return partial(_set, target)


def _set(target: str, value: Value) -> None:
    st.session_state[VALUES][target] = value


def _wait(behind: int) -> bool:
    """Ask whether the others are to wait, where the branch begins behind them."""
    if behind <= 0:
        return True
    label, help_text = BRANCHES["wait"]
    return bool(st.toggle(label, True, key="fork.wait", help=help_text.format(behind=behind)))
