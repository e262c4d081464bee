"""Branches of a session's run: lanes that go on from an earlier moment, and the one that is steered and looked at."""

from collections.abc import Mapping
from typing import cast

from nnviz.catalog.choices import knob_of
from nnviz.records.moments import focused, record_at
from nnviz.records.run import Lane, Snapshot
from nnviz.runs.run import Run
from nnviz.sessions.race import RaceSession
from nnviz.sessions.session import Session
from nnviz.specs.experiment import Change, Choice


def fork(
    session: Session, step: int, changes: Mapping[str, float], optimizer: Choice | None = None,
    racer: int | None = None, *, is_waited_for: bool = True,
) -> None:  # fmt: skip
    """Let a branch go on from where a racer's lane was, by itself the one in focus; ValueError where that cannot be.

    It is steered from now on, but for a race, which shows all lanes alike.  is_waited_for: whether the others wait
    until it is level with them.  A run that was over trains again; one that was paused stays so.
    """
    with session.lock:
        snapshot = focused(session.run.peek(), session.focus if racer is None else racer)
        lane = origin(snapshot, step)
        turns = [Change(step, target, value) for target, value in changes.items()]
        run = cast(Run, session.run)
        joined = run.fork(lane.id, step, turns, optimizer, is_catching_up=is_waited_for)
        if session.kind != RaceSession.kind:
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
    """End a branch; the lane that it comes from is steered again. The first lanes stay."""
    with session.lock:
        run = cast(Run, session.run)
        leaving = next((lane for lane in run.lanes if lane.racer == racer and lane.parent), None)
        if leaving is None:
            return
        if session.focus == racer:
            session.focus_on(next((lane.racer for lane in run.lanes if lane.id == leaving.parent), 0))
        run.remove(leaving.id)
        left = session.stand.without(racer)
        session.hold(plan=left.plan, wanted=left.wanted)


def catch_up(session: Session, racer: int, *, is_waited_for: bool) -> None:
    """Let the others wait until a branch is level with them, or let them go on."""
    with session.lock:
        run = cast(Run, session.run)
        lane = next((lane for lane in run.lanes if lane.racer == racer and lane.parent), None)
        if lane is not None:
            run.catch_up(lane.id, is_waited_for=is_waited_for)


def knobs_at(lane: Lane, step: int) -> dict[str, float]:
    """Return the live values that held after so many updates."""
    found = {target: knob_of(lane.spec, target) for target in lane.knobs}
    turned = [change for change in lane.journal if change.step < step and change.target in found]
    return found | {change.target: change.value for change in turned}


def start_of(lane: Lane, step: int) -> int:
    """Return the moment from which a branch would go on."""
    early = [stored for stored in lane.stored if stored <= step]
    found = record_at(lane, step)
    return early[-1] if early else found.step if found else 0
