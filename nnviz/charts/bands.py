"""Facts behind the curves of a race: several seeds of one racer as a median in a band."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from nnviz.charts import facts
from nnviz.charts.facts import Clock, Measured, Series
from nnviz.charts.racers import Racer
from nnviz.records.run import Lane
from nnviz.records.shapes import Floats

_POINTS = 260  # of one line
_BAND_POINTS = 150  # of a line in a band, which takes four times the bytes

Score = Callable[[Measured], float | None]


class Band(NamedTuple):
    """A median with the smallest and largest of its seeds: arrays of equal length, all finite."""

    x: Floats
    middle: Floats
    low: Floats
    high: Floats


def band(lines: Sequence[Series]) -> Band:
    """Put seeds together where all of them have points, at the times of the first and where the shortest ends."""
    if not lines or not all(len(line.x) for line in lines):
        nothing = np.empty(0, np.float32)
        return Band(nothing, nothing, nothing, nothing)
    if len(lines) == 1:
        return Band(lines[0].x, lines[0].y, lines[0].y, lines[0].y)
    x = _common([line.x for line in lines])
    values = np.stack([np.interp(x, line.x, line.y) for line in lines]).astype(np.float32)
    return Band(x, np.median(values, axis=0), values.min(axis=0), values.max(axis=0))


def _common(times: Sequence[Floats]) -> Floats:
    start, end = max(x[0] for x in times), min(x[-1] for x in times)
    inside = times[0][(times[0] >= start) & (times[0] <= end)]
    return inside if start > end or (len(inside) and inside[-1] == end) else np.append(inside, end)


def trained(racer: Racer, clock: Clock, smoothing: float) -> Band:
    """Return the smoothed loss of a racer's updates."""
    most = _BAND_POINTS if len(racer.shown) > 1 else _POINTS
    means = [own(lane, clock, facts.smoothed(facts.train_loss(lane, clock), smoothing)) for lane in racer.shown]
    thin = [facts.pick(mean, most) for mean in means]
    return band(thin)


def own(lane: Lane, clock: Clock, line: Series) -> Series:
    """Leave out of a line what a branch has from the lane that it comes from."""
    first = next((record for record in lane.records if record.step >= lane.since), None)
    if not lane.since or first is None:
        return line
    is_own = line.x >= clock.of_moment(first)
    return Series(line.x[is_own], line.y[is_own])


def recorded(racer: Racer, clock: Clock, score: Score) -> Band:
    """Return one number of a racer's evaluations."""
    most = _BAND_POINTS if len(racer.shown) > 1 else _POINTS
    return band([_recorded(lane, clock, score, most) for lane in racer.shown])


def every_evaluation(racer: Racer, clock: Clock, score: Score) -> Band:
    """Return one number of all of a racer's evaluations, none left out."""
    return band([facts.judged(lane, clock, score) for lane in racer.shown])


def _recorded(lane: Lane, clock: Clock, score: Score, most: int) -> Series:
    moments = [lane.judged[at] for at in facts.thinned(len(lane.judged), most).tolist()]
    pairs = [(clock.of_moment(part), found) for part in moments if (found := score(part)) is not None]
    return facts.series([x for x, _ in pairs], [y for _, y in pairs])


def ceiling(calm: Sequence[Band], wild: Sequence[Band]) -> float | None:
    """Return where the loss axis of a race ends, so that a racer that shoots up does not flatten the others.

    That is the highest loss, but no more than two and a half times as far above the lowest as the racers usually start
    or, if higher, end.  Where all are lost, five times the usual first loss; None where nothing is known.
    """
    calm, wild = ([line for line in lines if len(line.x)] for lines in (calm, wild))
    if not calm:
        return 5 * abs(float(np.median([line.middle[0] for line in wild]))) if wild else None
    floor = min(float(line.low.min()) for line in calm)
    usual = max(float(np.median([line.middle[end] for line in calm])) for end in (0, -1))
    return min(max(float(line.high.max()) for line in calm), floor + 2.5 * (usual - floor))
