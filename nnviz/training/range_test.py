"""The range test of learning rates: one short run whose rate grows from tiny to huge (Smith 2017, section 3.3)."""

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from nnviz.catalog import OPTIMIZERS
from nnviz.catalog.optimizers import set_knob
from nnviz.specs.experiment import ExperimentSpec
from nnviz.training.experiment import Experiment

Doubles = NDArray[np.float64]

UPDATES = 200
PAST = 0.9  # weight of the losses before in the running mean
FAR = 4.0  # times its own size, or what batches differ by, above the least: then the loss has exploded
BELOW = 10.0  # the suggestion is that much less than where the loss is least
_UNDER, _OVER = 1e-3, 1e3  # ends of the range, times the optimizer's usual rate
_STILL = 0.25  # part of the range, at its low end, in which nothing moves: what losses differ by there is noise
_EQUAL = 1e-6  # of a loss: rounding
_NEAR = 2.0  # times the running mean's own noise above its least


def rates_of(spec: ExperimentSpec, updates: int = UPDATES) -> Doubles:
    """Return the rates to try with a spec's optimizer, each the same factor above the one before."""
    knob = next(knob for knob in OPTIMIZERS[spec.optimizer.name].knobs if knob.name == "lr")
    usual = float(knob.default)
    low, high = max(knob.low or 0.0, usual * _UNDER), min(knob.high or math.inf, usual * _OVER)
    return np.geomspace(low, high, updates)


def losses_at(experiment: Experiment, rates: Doubles) -> Iterator[float]:
    """Train an experiment, which is given up to this, one update at each rate; yield what each makes of the loss.

    That is the loss of the next batch, before it is learnt from.  Ends where one is not finite.
    """
    (player,) = experiment.players
    for place, rate in enumerate((*rates, rates[-1])):
        set_knob(player.optimizer, "lr", float(rate))
        experiment.advance(1)
        loss = float(experiment.curve.freeze().losses[-1])
        if place:
            yield loss
        if not math.isfinite(loss):
            return


def smoothed(losses: Doubles, past: float = PAST) -> Doubles:
    """Return the exponential running mean of losses without its bias towards the zero that it begins at."""
    found, mean = np.empty(len(losses)), 0.0
    for place, loss in enumerate(losses):
        mean = past * mean + (1 - past) * loss
        found[place] = mean / (1 - past ** (place + 1))
    return found


def has_exploded(losses: Doubles) -> bool:
    """Tell whether the running mean is far above its least, so that larger rates have nothing more to tell."""
    if len(losses) < 2 or not np.isfinite(losses[-1]):
        return len(losses) > 1
    mean = smoothed(losses)
    still = losses[: max(2, int(_STILL * UPDATES))]
    return bool(mean[-1] > mean.min() + (FAR - 1) * max(abs(mean.min()), float(still.std())))


def suggestion(rates: Doubles, losses: Doubles) -> float | None:
    """Return a tenth of the last rate at which the running mean is near its least; None where rates change nothing.

    Beyond that rate the loss rises for good, and at it the loss is about to: hence a tenth (Smith 2017 takes the range
    below).  The steepest place, the other custom, lies wherever the noise of small batches puts it.
    """
    mean = smoothed(losses[np.isfinite(losses)])
    still = max(2, int(_STILL * UPDATES))
    if len(mean) <= still:
        return None
    noise = float(losses[:still].std()) * math.sqrt((1 - PAST) / (1 + PAST))  # of the mean of independent losses
    level = float(mean.min()) + _NEAR * noise
    has_fallen = level < mean[:still].min() - _EQUAL * abs(mean[0])
    if not has_fallen:
        level = float(mean[:still].max())  # all that batches differ by is as good as the least
    has_risen = len(mean) < len(losses) or mean[-1] > level + _EQUAL * abs(level)
    return float(rates[np.flatnonzero(mean <= level)[-1]]) / BELOW if has_fallen or has_risen else None
