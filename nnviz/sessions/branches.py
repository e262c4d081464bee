"""Branches of a session's run: lanes that go on from an earlier moment, and the one that is steered and looked at."""

from collections.abc import Mapping
from typing import cast

from nnviz.catalog.choices import knob_of
from nnviz.records.moments import focused, record_at, sound_moment
from nnviz.records.run import Lane, Snapshot
from nnviz.records.status import Status
from nnviz.runs.run import Run
from nnviz.sessions.session import Session
from nnviz.specs.experiment import Change, Choice
from nnviz.words.past import PAST

TENTH = 0.1  # of the learning rate with which a run that diverged is tried again


def fork(session: Session, step: int, changes: Mapping[str, float], optimizer: Choice | None = None) -> None:
    """Let a branch go on from where the lane in focus was, and steer it from now on; ValueError where that cannot be.

    A run that was over trains again; one that was paused stays so.
    """
    with session.lock:
        snapshot = focused(session.run.peek(), session.focus)
        lane = origin(snapshot, step)
        run = cast(Run, session.run)
        number = 1 + max(each.racer for each in run.lanes)
        turns = [Change(step, target, value) for target, value in changes.items()]
        joined = run.fork(lane.id, step, turns, optimizer, PAST.english["branch_name"].format(number=number))
        session.focus_on(joined.racer)
        if snapshot.status.is_over:
            session.begin(is_started=True)


def origin(snapshot: Snapshot, step: int) -> Lane:
    """Return the lane that was trained at a moment of the first one, which may have left it later."""
    lane, by_id = snapshot.lanes[0], {lane.id: lane for lane in snapshot.lanes}
    while step < lane.since and lane.parent in by_id:
        lane = by_id[lane.parent]
    return lane


def let_go(session: Session, racer: int) -> None:
    """End a branch; the lane that it comes from is steered again. The first lane stays."""
    with session.lock:
        run = cast(Run, session.run)
        leaving = next((lane for lane in run.lanes if lane.racer == racer and lane.parent), None)
        if leaving is None:
            return
        session.focus_on(next((lane.racer for lane in run.lanes if lane.id == leaving.parent), 0))
        run.remove(leaving.id)


def can_branch(session: Session, lane: Lane) -> bool:
    """Tell whether others can go on from a lane."""
    return isinstance(session.run, Run) and bool(lane.stored)


def knobs_at(lane: Lane, step: int) -> dict[str, float]:
    """Return the live values that held after so many updates."""
    found = {target: knob_of(lane.spec, target) for target in lane.knobs}
    turned = [change for change in lane.journal if change.step < step and change.target in found]
    return found | {change.target: change.value for change in turned}


def way_out(lane: Lane) -> tuple[int, dict[str, float]] | None:
    """Return from where a lane that diverged can go on, and with which rates; None where it has not or cannot."""
    step = sound_moment(lane)
    if lane.status != Status.DIVERGED or step is None:
        return None
    rates = {target: value for target, value in knobs_at(lane, step + 1).items() if target.endswith(".lr")}
    return step, {target: TENTH * value for target, value in rates.items()}


def start_of(lane: Lane, step: int) -> int:
    """Return the moment from which a branch would go on."""
    early = [stored for stored in lane.stored if stored <= step]
    found = record_at(lane, step)
    return early[-1] if early else found.step if found else 0
