"""What is wrong with a session's run, and the one press that does something about it."""

from nnviz.diagnosis.finding import Cure, Finding
from nnviz.diagnosis.rules import can_judge, diagnosis
from nnviz.records.run import Comparison, Snapshot
from nnviz.sessions.branches import fork
from nnviz.sessions.session import Session


def is_judged(snapshot: Snapshot) -> bool:
    """Tell whether anything is said of a run: not of a race, whose lanes are there to differ, nor of a contest."""
    return bool(snapshot.lanes) and snapshot.comparison != Comparison.RACE and can_judge(snapshot.scene)


def findings(snapshot: Snapshot) -> list[Finding]:
    """List what is wrong with the lane in focus."""
    is_told = bool(snapshot.lanes) and snapshot.comparison not in (Comparison.RACE, Comparison.TWIN)
    return diagnosis(snapshot.lanes[0], snapshot.scene) if is_told or is_judged(snapshot) else []


def cure(session: Session, name: str) -> None:
    """Do what cures something that is wrong, as long as it is; ValueError where that cannot be done."""
    with session.lock:
        found = next((each for each in findings(session.snapshot()) if each.name == name), None)
        if found is not None and found.cure is not None:
            _apply(session, found.cure)


def _apply(session: Session, what: Cure) -> None:
    if what.step is not None:
        fork(session, what.step, what.values)
    elif what.settings:
        session.edit(lambda spec: spec.with_(**what.settings))
    else:
        for target, value in what.values.items():
            session.turn(target, value)
