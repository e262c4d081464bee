"""What is wrong with a session's run, and the one press that does something about it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from nnviz.diagnosis.finding import Cure, Finding
from nnviz.diagnosis.rules import can_judge, diagnosis, divergence
from nnviz.records.moments import record_at
from nnviz.records.run import Comparison, DataSummary, Lane, Mark, Snapshot
from nnviz.sessions.branches import fork
from nnviz.sessions.session import Session
from nnviz.sessions.trials import go_on_slower
from nnviz.words.diagnosis import NAMES
from nnviz.words.language import message


def is_judged(snapshot: Snapshot) -> bool:
    """Tell whether anything is said of a run: not of a race, whose lanes are there to differ, nor of a contest."""
    return bool(snapshot.lanes) and snapshot.comparison != Comparison.RACE and can_judge(snapshot.scene)


def findings(snapshot: Snapshot) -> list[Finding]:
    """List what is wrong with the lane in focus; of lanes that stand beside each other, which ones diverged."""
    scene, is_beside = snapshot.scene, snapshot.comparison in (Comparison.RACE, Comparison.TWIN)
    if scene is None or not snapshot.lanes:
        return []
    is_told = not is_beside or is_judged(snapshot)
    own = diagnosis(snapshot.lanes[0], scene) if is_told else []
    return [*own, *_lost_beside(snapshot.lanes, snapshot.lanes[is_told:], scene)] if is_beside else own


def _lost_beside(all_lanes: Sequence[Lane], lanes: Sequence[Lane], scene: DataSummary) -> Iterator[Finding]:
    """Give what there is to say of lanes that diverged, and that nobody has let go on."""
    gone_on = {lane.parent for lane in all_lanes}
    for lane in lanes:
        found = divergence(lane, scene) if lane.id not in gone_on else None
        if found is not None:
            yield replace(found, racer=lane.racer)


def marked(snapshot: Snapshot, found: Sequence[Finding]) -> Snapshot:
    """Return a snapshot that tells where on the curve each ill began; one that was there from the start is nowhere."""
    later = [each for each in found if 0 < each.since < snapshot.lanes[0].step and each.racer is None]
    return replace(snapshot, ills=tuple(_mark(snapshot.lanes[0], each) for each in later)) if later else snapshot


def _mark(lane: Lane, found: Finding) -> Mark:
    seen = record_at(lane, found.since)
    epoch, seconds = (seen.epoch, seen.seconds) if seen else (0.0, 0.0)
    return Mark(found.since, epoch, seconds, message(NAMES.english[found.name]))


def cure(session: Session, name: str) -> None:
    """Do what cures something that is wrong, told by its id, as long as it is; ValueError where that cannot be done."""
    with session.lock:
        found = next((each for each in findings(session.snapshot()) if each.id == name), None)
        if found is not None and found.cure is not None:
            _apply(session, found.cure, found.racer)


def _apply(session: Session, what: Cure, racer: int | None) -> None:
    if what.step is not None and what.is_tried:
        go_on_slower(session, what.step, what.values, racer)
    elif what.step is not None:
        fork(session, what.step, what.values, racer=racer)
    elif what.settings:
        session.edit(lambda spec: spec.with_(**what.settings))
    else:
        for target, value in what.values.items():
            session.turn(target, value)
