"""What the lesson on gradient descent by hand finds."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnviz.records.descent import Terrain
from nnviz.records.run import Doubles


@dataclass(frozen=True, slots=True)
class Step:
    """The step that comes next, taken apart; errors and terms of all samples, sums over its batch alone."""

    w: float
    b: float
    batch: NDArray[np.intp]  # the samples that the step looks at
    predictions: Doubles  # w x + b
    errors: Doubles  # y minus prediction
    terms: Doubles  # (samples, 2): what each adds to the gradient; 0 outside the batch
    loss: float  # over the batch
    by_hand: tuple[float, float]  # the sums of the terms
    by_torch: tuple[float, float]  # the same two numbers from torch.autograd
    after: tuple[float, float]  # w and b after torch.optim.SGD has stepped

    @property
    def difference(self) -> float:
        """How far apart the two gradients are; in proportion where they are above 1."""
        pairs = zip(self.by_hand, self.by_torch, strict=True)
        return max(abs(hand - torch) / max(1.0, abs(torch)) for hand, torch in pairs)


@dataclass(frozen=True, slots=True)
class Fit:
    """The bowl of the loss: its lowest point, its height there and its curvature, all without a step."""

    w: float
    b: float
    loss: float  # the least that a line can reach
    hessian: Doubles  # (2, 2)
    curvature: float  # lambda_max, its largest eigenvalue
    terrain: Terrain

    @property
    def stable(self) -> float:
        """The learning rate above which full steps diverge."""
        return 2 / self.curvature


@dataclass(frozen=True, slots=True)
class Found:
    """The data, the bowl, the way walked so far and the next step."""

    x: Doubles
    y: Doubles
    chosen: int
    fit: Fit
    made_slope: float  # of least squares on the data as made, before a hand moved any
    moved: int  # samples that differ from those made; all where one was added or removed
    path: Doubles  # (steps + 1, 2): w and b
    losses: Doubles  # (steps + 1,) over all samples
    batch_losses: Doubles  # (steps,) of each step's own batch, before it
    is_whole: bool  # whether every batch is all the data
    lost_at: int | None  # the step at which w or b passed all bounds
    step: Step

    @property
    def distances(self) -> Doubles:
        """How far each point of the path is from the lowest point, (steps + 1,)."""
        away: Doubles = np.hypot(self.path[:, 0] - self.fit.w, self.path[:, 1] - self.fit.b)
        return away
