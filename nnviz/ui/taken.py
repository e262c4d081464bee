"""What is taken of a run that is on a page: one lane's plan as it went, and how far."""

from nnviz.export.course import course
from nnviz.export.subject import Length
from nnviz.records.run import Lane, Snapshot
from nnviz.sessions.session import Session
from nnviz.specs.experiment import Change
from nnviz.specs.planned import Planned


def taken(session: Session, snapshot: Snapshot, place: int) -> tuple[Planned, Length]:
    """Return the plan of a lane, each live change at its update, and how many updates it has done."""
    lane = snapshot.lanes[place]
    count = snapshot.scene.train_count if snapshot.scene else None
    return course(lane, lane.pending if lane.knobs or lane.parent else _planned(session, lane), count)


def _planned(session: Session, lane: Lane) -> list[Change]:
    """List the changes that a lane was given before it began."""
    turns = session.stand.plan.journal
    return [getattr(turn, "change", turn) for turn in turns if getattr(turn, "racer", None) in (None, lane.racer)]
