"""How far the loss rose above where it had been, whatever single batches cost."""

from math import ceil
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nnviz.diagnosis.evidence import both
from nnviz.records.run import Doubles, Lane

_CALM, _FEWEST = 128, 5  # examples, and updates, whose mean loss is no accident
_ENOUGH = 5  # evaluations


class Rise(NamedTuple):
    """A loss that rose: since which update, until which one, and from where to where."""

    since: int
    step: int
    low: float
    high: float


def calm(lane: Lane) -> tuple[Doubles, Doubles]:
    """Return the updates of a running mean of the loss over as many of them as make it no accident, and that mean.

    Both are empty where there are too few, or where not all losses are finite.
    """
    curve, size = lane.curve, int(lane.knobs.get("batch_size", lane.spec.batch_size))
    window = max(_FEWEST, ceil(_CALM / (size * curve.stride)))
    if len(curve.losses) < 2 * window or not np.isfinite(curve.losses).all():
        return np.empty(0), np.empty(0)
    return curve.steps[window - 1 :], np.convolve(curve.losses, np.ones(window) / window, "valid")


def greatest_rise(lane: Lane, after: float = 0.0) -> Rise | None:
    """Return the greatest rise of the running mean above its least until then, of the updates after one.

    The first loss of all counts by itself, for no update was before it.
    """
    steps, mean = calm(lane)
    if after:
        steps, mean = steps[steps > after], mean[steps > after]
    elif len(mean):
        steps, mean = np.append(lane.curve.steps[0], steps), np.append(lane.curve.losses[0], mean)
    return _rise(steps, mean) if len(mean) else None


def measured_rise(lane: Lane, after: float) -> Rise | None:
    """Return the greatest rise of the loss over training examples, of the evaluations after an update."""
    known = [part for part in both(lane) if part.step >= after]
    if len(known) < _ENOUGH:
        return None
    return _rise(np.array([part.step for part in known]), np.array([part.train_loss for part in known]))


def _rise(steps: NDArray[Any], losses: NDArray[Any]) -> Rise:
    top = int(np.argmax(losses - np.minimum.accumulate(losses)))
    least = int(np.argmin(losses[: top + 1]))
    return Rise(int(steps[least]), int(steps[top]), float(losses[least]), float(losses[top]))


def since_below(lane: Lane, level: float) -> int:
    """Return the update at which the running mean first came down to a level; 0 where it has not."""
    steps, mean = calm(lane)
    found = steps[mean <= level]
    return int(found[0]) if len(found) else 0
