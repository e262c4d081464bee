"""Whether a learning rate holds: a copy of a network is trained with it for a while, and looked at then."""

from collections.abc import Iterator

import numpy as np

from nnviz.catalog.optimizers import set_knob
from nnviz.records.moments import bearable, deadest
from nnviz.training.chance import chance
from nnviz.training.experiment import Experiment
from nnviz.training.measure import LOSSES, Observer

UPDATES = 200
_SLICE = 5  # updates at a time, whose mean loss is no accident
_WORSE = 1.02  # times the loss before
_TIMES, _THROWN = 1.5, 2.0  # times the least loss until then; times what guessing costs above it
_SEEN = frozenset({LOSSES, "dead_units"})


def held(experiment: Experiment, rate: float, updates: int = UPDATES) -> Iterator[bool | None]:
    """Train an experiment, which is given up to this, at a rate; yield None after each slice, and last whether it held.

    It did where the loss was never thrown far up and is not above what it was, and where no layer has lost half of its
    units: a network whose units are dead can have a loss that looks sound.
    """
    observer = Observer(experiment)
    before = observer.measure(_SEEN)
    least = first = before.train_loss or 0.0
    price, goal = max((*chance(experiment), 0.0)) or first, experiment.step + updates
    set_knob(experiment.players[0].optimizer, "lr", rate)
    while experiment.step < goal:
        mean = _mean_loss(experiment, experiment.advance(min(_SLICE, goal - experiment.step)))
        least = min(least, mean)
        if experiment.diverged_at is not None or not mean <= max(_TIMES * least, least + _THROWN * price):
            yield False
            return
        yield None
    after = observer.measure(_SEEN)
    is_alive = deadest(after)[1] <= bearable(deadest(before)[1])
    yield (after.train_loss or 0.0) <= _WORSE * first and is_alive


def _mean_loss(experiment: Experiment, count: int) -> float:
    """Return the mean loss of the last batches."""
    return float(np.mean(experiment.curve.freeze().losses[-count:]))
