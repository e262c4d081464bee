"""A run as it was at an earlier moment, or as it is seen from one of its lanes."""

from collections.abc import Sequence
from dataclasses import replace
from math import inf, isfinite, isnan
from typing import TypeVar, cast

import numpy as np

from nnviz.records.run import Curve, Evaluation, Lane, Record, Snapshot
from nnviz.records.shapes import Shares
from nnviz.records.status import Status

_FAR = 1.5  # times the least loss until then
_HALF, _MORE = 0.5, 0.1  # of a layer's units; more of them than there were at first
Timed = TypeVar("Timed", Record, Evaluation)


def until(snapshot: Snapshot, step: int) -> Snapshot:
    """Return a run as it was after so many updates, or at the last moment before of which there is a record."""
    return replace(snapshot, lanes=tuple(_until(lane, step) for lane in snapshot.lanes), ghosts=())


def _until(lane: Lane, step: int) -> Lane:
    seen = record_at(lane, step)
    if seen is None or seen.step >= lane.step:
        return lane
    status = Status.PAUSED if lane.status.is_over else lane.status  # what came later has not happened yet
    marks = tuple(mark for mark in lane.marks if mark.step < seen.step)
    curve = _cut(lane.curve, seen.step)
    rates = tuple(float(row[-1]) for row in curve.rates if len(row)) if lane.rates else ()
    return replace(
        lane, status=status, message=None, step=seen.step, epoch=seen.epoch, seconds=seen.seconds, marks=marks,
        curve=curve, rates=rates, records=_early(lane.records, seen.step),
        evaluations=_early(lane.evaluations, seen.step), order_hash="",
    )  # fmt: skip


def _early(parts: Sequence[Timed], step: int) -> tuple[Timed, ...]:
    return tuple(part for part in parts if part.step <= step)


def record_at(lane: Lane, step: int) -> Record | None:
    """Return the last record from not after a moment, or the first one there is."""
    early = [record for record in lane.records if record.step <= step]
    return early[-1] if early else next(iter(lane.records), None)


def _cut(curve: Curve, step: int) -> Curve:
    count = int(np.searchsorted(curve.steps, step, side="right"))

    def cut(rows: tuple[np.ndarray, ...]) -> tuple[np.ndarray, ...]:
        return tuple(row[:count] for row in rows)

    return replace(
        curve, steps=curve.steps[:count], epochs=curve.epochs[:count], seconds=curve.seconds[:count],
        losses=curve.losses[:count], others=cut(curve.others), lows=cut(curve.lows), highs=cut(curve.highs),
        rates=cut(curve.rates),
    )  # fmt: skip


def moments_of(snapshot: Snapshot) -> tuple[int, ...]:
    """List the updates at which all that is measured is there to look at of the first lane."""
    records = snapshot.lanes[0].records if snapshot.lanes else ()
    names = records[-1].readings.keys() if records else set()
    return tuple(record.step for record in records if record is records[0] or names <= record.readings.keys())


def sound_moment(lane: Lane, before: float = inf) -> int | None:
    """Return the last moment to go on from at which nothing had gone wrong yet; None where there is none.

    That is where the test loss was not far above the least until then, for what explodes has exploded before it
    overflows, and where no layer had lost half of its units.
    """
    least, found = inf, None
    dead = {record.step: deadest(record)[1] for record in lane.records}
    most = bearable(next(iter(dead.values()), 0.0))
    for step, loss in _losses_at(lane):
        if step < before and isfinite(loss):
            least = min(least, loss)
            is_sound = loss <= _FAR * least and dead.get(step, 0.0) <= most
            found = step if found is None or is_sound else found
    return found


def _losses_at(lane: Lane) -> list[tuple[int, float]]:
    """List the moments that are kept in full with the test loss there, or the last one that was judged before."""
    known = [part for part in lane.measured if not isnan(part.test_loss)]
    places = np.searchsorted([part.step for part in known], lane.stored, side="right")
    return [(step, known[at - 1].test_loss) for step, at in zip(lane.stored, places.tolist(), strict=True) if at]


def deadest(record: Record) -> tuple[str, float]:
    """Return the layer with the greatest share of dead units, and that share; 0 where no layer has any."""
    shares = cast(Shares | None, record.readings.get("dead_units"))
    if shares is None or not len(shares.values):
        return "", 0.0
    at = int(np.argmax(shares.values))
    return shares.names[at], float(shares.values[at])


def bearable(first: float) -> float:
    """Return which share of a layer's units may be dead where nothing is wrong, after one at first."""
    return max(_HALF, first + _MORE)


def focused(snapshot: Snapshot, racer: int) -> Snapshot:
    """Return a snapshot whose first lane is a racer's."""
    if not racer:
        return snapshot
    first = [lane for lane in snapshot.lanes if lane.racer == racer]
    return replace(snapshot, lanes=(*first, *(lane for lane in snapshot.lanes if lane.racer != racer)))
