"""How far the loss rose above where it had been, whatever single batches cost."""

from math import ceil
from typing import NamedTuple

import numpy as np

from nnviz.records.run import Doubles, Lane

_CALM, _FEWEST = 128, 5  # examples, and updates, whose mean loss is no accident


class Rise(NamedTuple):
    """A running mean of the loss that rose: since which update, until which one, and from where to where."""

    since: int
    step: int
    low: float
    high: float


def calm(lane: Lane, after: float = 0.0) -> tuple[Doubles, Doubles]:
    """Return the running mean of the loss over as many updates as make it no accident, and the updates of its points.

    after: of the updates after one.  Both are empty where there are too few, or where not all losses are finite.
    """
    curve, size = lane.curve, int(lane.knobs.get("batch_size", lane.spec.batch_size))
    window = max(_FEWEST, ceil(_CALM / (size * curve.stride)))
    steps, losses = curve.steps[curve.steps > after], curve.losses[curve.steps > after]
    if len(losses) < 2 * window or not np.isfinite(losses).all():
        return np.empty(0), np.empty(0)
    return steps[window - 1 :], np.convolve(losses, np.ones(window) / window, "valid")


def greatest_rise(lane: Lane, after: float = 0.0) -> Rise | None:
    """Return the greatest rise of the running mean above its least until then, of the updates after one.

    The first loss of all counts by itself, for no update was before it.
    """
    steps, mean = calm(lane, after)
    if not len(mean):
        return None
    if not after:
        steps, mean = np.append(lane.curve.steps[0], steps), np.append(lane.curve.losses[0], mean)
    top = int(np.argmax(mean - np.minimum.accumulate(mean)))
    least = int(np.argmin(mean[: top + 1]))
    return Rise(int(steps[least]), int(steps[top]), float(mean[least]), float(mean[top]))


def since_below(lane: Lane, level: float) -> int:
    """Return the update at which the running mean first came down to a level; 0 where it has not."""
    steps, mean = calm(lane)
    found = steps[mean <= level]
    return int(found[0]) if len(found) else 0
