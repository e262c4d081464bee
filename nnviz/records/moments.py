"""A run as it was at an earlier moment, or as it is seen from one of its lanes."""

from collections.abc import Sequence
from dataclasses import replace
from math import inf, isfinite
from typing import TypeVar

import numpy as np

from nnviz.records.run import Curve, Evaluation, Lane, Record, Snapshot
from nnviz.records.status import Status

_FAR = 1.5  # times the least loss until then
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

    That is where the test loss was not far above the least until then: what explodes has exploded before it overflows.
    """
    losses = {record.step: record.test_loss for record in lane.records if record.step in lane.stored}
    least, found = inf, None
    for step, loss in losses.items():
        if step < before and isfinite(loss):
            least = min(least, loss)
            found = step if found is None or loss <= _FAR * least else found
    return found


def focused(snapshot: Snapshot, racer: int) -> Snapshot:
    """Return a snapshot whose first lane is a racer's."""
    if not racer:
        return snapshot
    first = [lane for lane in snapshot.lanes if lane.racer == racer]
    return replace(snapshot, lanes=(*first, *(lane for lane in snapshot.lanes if lane.racer != racer)))
