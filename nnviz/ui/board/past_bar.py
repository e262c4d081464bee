"""The slider over a run: where one may go back to, and what happened when."""

from collections.abc import Iterator
from math import isfinite

from nnviz.charts.facts import clock, joined
from nnviz.records.moments import moments_of, record_at
from nnviz.records.run import Comparison, Lane, Snapshot
from nnviz.records.status import Status
from nnviz.ui.board.layout import Layout
from nnviz.ui.board.protocol import Past, PastMark
from nnviz.words.language import say
from nnviz.words.past import PAST


def past_bar(run: str, snapshot: Snapshot, layout: Layout) -> Past | None:
    """Describe the slider; None where a board has none.

    It stands there before there is anything to go back to, so that nothing below moves when there is.
    """
    steps = moments_of(snapshot)
    if not layout.has_past or not steps:
        return None
    lane, at = snapshot.lanes[0], layout.view.moment
    seen = record_at(lane, lane.step if at is None else at)
    is_past = at is not None and seen is not None and seen.step < lane.step
    step = seen.step if seen and is_past else lane.step
    may_fork = bool(lane.stored) and not layout.is_watched  # where there is no room, the dialog says so
    return {
        "run": name_of(run, snapshot),
        "steps": (*steps[:-1], lane.step),
        "at": at,
        "seen": step,
        "text": PAST["then" if is_past else "now"].format(step=step, end=lane.step),
        "cursor": clock(layout.view.clock, snapshot).of_moment(seen) if seen and is_past else None,
        "marks": list(_marks(snapshot)) if layout.with_numbers and steps[1:] else [],
        "fork": may_fork and layout.with_numbers and len(steps) > 1,
    }


def name_of(run: str, snapshot: Snapshot) -> str:
    """Name what has a past: who turns to another lane sees it as it is."""
    return f"{run} {snapshot.lanes[0].id} {_branches(snapshot)}"


def _branches(snapshot: Snapshot) -> int:
    """Count the branches of a race, where a new one is looked at beside the others."""
    return sum(bool(lane.parent) for lane in snapshot.lanes) if snapshot.comparison == Comparison.RACE else 0


def _marks(snapshot: Snapshot) -> Iterator[PastMark]:
    """List what happened to the first lane, and where others left it."""
    lane, *others = snapshot.lanes
    is_race = snapshot.comparison == Comparison.RACE  # all lanes are looked at
    for mark in joined(lane.marks, lane.step):
        yield {"at": mark.step, "kind": "change", "text": f"{mark.step:,}: {mark.text}"}
    best = _best_step(lane)
    if best is not None:
        yield {"at": best, "kind": "best", "text": f"{best:,}: {PAST['best']}"}
    for branch in (lane, *others):
        if branch.since and (lane.id in (branch.id, branch.parent) or is_race):
            text = PAST["branch"].format(lane=say(branch.label))
            yield {"at": branch.since, "kind": "fork", "text": f"{branch.since:,}: {text}"}
    if lane.status == Status.DIVERGED:
        yield {"at": lane.step, "kind": "end", "text": f"{lane.step:,}: {PAST['end']}"}


def _best_step(lane: Lane) -> int | None:
    finite = [(part.test_loss, part.step) for part in lane.measured if isfinite(part.test_loss)]
    return min(finite)[1] if finite else None
