"""What is wrong with a session's run, and the one press that does something about it."""

from collections.abc import Sequence
from dataclasses import replace

from nnviz.diagnosis.finding import Cure, Finding
from nnviz.diagnosis.rules import can_judge, diagnosis
from nnviz.records.moments import record_at
from nnviz.records.run import Comparison, Lane, Mark, Snapshot
from nnviz.sessions.branches import fork
from nnviz.sessions.session import Session
from nnviz.sessions.trials import go_on_slower
from nnviz.words.diagnosis import NAMES
from nnviz.words.language import message


def is_judged(snapshot: Snapshot) -> bool:
    """Tell whether anything is said of a run: not of a race, whose lanes are there to differ, nor of a contest."""
    return bool(snapshot.lanes) and snapshot.comparison != Comparison.RACE and can_judge(snapshot.scene)


def findings(snapshot: Snapshot) -> list[Finding]:
    """List what is wrong with the lane in focus."""
    is_told = bool(snapshot.lanes) and snapshot.comparison not in (Comparison.RACE, Comparison.TWIN)
    return diagnosis(snapshot.lanes[0], snapshot.scene) if is_told or is_judged(snapshot) else []


def marked(snapshot: Snapshot, found: Sequence[Finding]) -> Snapshot:
    """Return a snapshot that tells where on the curve each ill began; one that was there from the start is nowhere."""
    later = [each for each in found if 0 < each.since < snapshot.lanes[0].step]
    return replace(snapshot, ills=tuple(_mark(snapshot.lanes[0], each) for each in later)) if later else snapshot


def _mark(lane: Lane, found: Finding) -> Mark:
    seen = record_at(lane, found.since)
    epoch, seconds = (seen.epoch, seen.seconds) if seen else (0.0, 0.0)
    return Mark(found.since, epoch, seconds, message(NAMES.english[found.name]))


def cure(session: Session, name: str) -> None:
    """Do what cures something that is wrong, as long as it is; ValueError where that cannot be done."""
    with session.lock:
        found = next((each for each in findings(session.snapshot()) if each.name == name), None)
        if found is not None and found.cure is not None:
            _apply(session, found.cure)


def _apply(session: Session, what: Cure) -> None:
    if what.step is not None and what.is_tried:
        go_on_slower(session, what.step, what.values)
    elif what.step is not None:
        fork(session, what.step, what.values)
    elif what.settings:
        session.edit(lambda spec: spec.with_(**what.settings))
    else:
        for target, value in what.values.items():
            session.turn(target, value)
