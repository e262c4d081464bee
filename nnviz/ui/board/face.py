"""What the page around a board depends on, so that it is drawn again when that has changed, and only then."""

from zlib import crc32

from nnviz.records.run import Snapshot
from nnviz.sessions.session import Session

Face = tuple[object, ...]


def face(session: Session, snapshot: Snapshot) -> Face:
    """Tell what the rest of the page depends on: which run, whether it goes on, is over, and has been built."""
    searched = snapshot.search.status if snapshot.search else ""
    tested = snapshot.rate_curve.status.is_over if snapshot.rate_curve else ""
    is_built, formers = snapshot.scene is not None, len(session.formers)
    lanes = session.focus, *sorted((lane.id, lane.is_catching_up, lane.behind > 0) for lane in snapshot.lanes)
    return (
        snapshot.generation,
        formers,
        session.is_going(snapshot),
        snapshot.status.is_over,
        is_built,
        searched,
        lanes,
        session.tier,
        tested,
    )


def mark(drawn: Face, turns: int) -> int:
    """Name a face, and the live changes that a page knows of, by a number that the browser compares."""
    return crc32(repr((drawn, turns)).encode())
