"""What a range test of learning rates has found so far."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nnviz.records.tried import Tried
from nnviz.specs.experiment import ExperimentSpec

Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class RateCurve(Tried):
    """The losses of a copy of a network whose learning rate grows with every update (Smith 2017).

    losses: of the batch after the update at each rate.  smoothed: their running mean.  suggested: the rate to train
    with; None where the loss fell at no rate, or as long as it is not over.  present: the one that the run has, or has
    been asked to take; None where nobody has looked.  first: where rates were tried for longer afterwards, what would
    have been suggested without.  has_held: whether the suggested one has held then.
    """

    spec: ExperimentSpec  # of the lane that was copied
    step: int = 0  # updates it had done
    largest: float = 0.0  # rate that will be tried, unless the loss explodes before
    rates: Doubles = field(default_factory=lambda: np.empty(0))
    losses: Doubles = field(default_factory=lambda: np.empty(0))
    smoothed: Doubles = field(default_factory=lambda: np.empty(0))
    suggested: float | None = None
    present: float | None = None
    first: float | None = None
    has_held: bool | None = None  # None: it was not tried for longer
