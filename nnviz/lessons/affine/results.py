"""What the lesson on affine maps finds."""

from dataclasses import dataclass

import numpy as np

from nnviz.records.run import Doubles


@dataclass(frozen=True, slots=True)
class Figures:
    """Points of the plane, (points, 2) each; a row of nan parts two lines."""

    grid: Doubles
    shape: Doubles  # a closed outline
    circle: Doubles  # of radius 1 about the origin
    axes: Doubles  # the directions of longest and shortest stretch, as two diameters of it
    basis: Doubles  # e1, e2
    origin: Doubles  # one row
    point: Doubles  # one row: x, or y = W x + b
    steps: Doubles  # from the origin along the first, then along the second coordinate, to the point


@dataclass(frozen=True, slots=True)
class Plane:
    """One affine map of the plane."""

    weights: Doubles  # W, (2, 2)
    bias: Doubles  # b, (2,)
    before: Figures
    after: Figures
    determinant: float
    rank: int
    stretches: tuple[float, float]  # the singular values, largest first
    factors: tuple[Doubles, Doubles, Doubles]  # rotation, scaling and shear as the dials stand
    is_composed: bool  # whether their product is W
    with_circle: bool  # whether the circle and its axes are wanted


@dataclass(frozen=True, slots=True)
class Fit:
    """A layer with several inputs and outputs on the diabetes data, fitted in two ways."""

    known: tuple[str, ...]  # the names of all inputs there are
    inputs: tuple[str, ...]  # of those used, D of them
    outputs: tuple[str, ...]  # K
    x: Doubles  # standardised inputs, (N, D)
    y: Doubles  # outputs in their standard deviations, (N, K)
    units: Doubles  # what one standard deviation of each output is, (K,)
    weights: Doubles  # after gradient descent, (D, K)
    bias: Doubles  # (K,)
    best_weights: Doubles  # of the closed form, (D, K)
    best_bias: Doubles
    losses: Doubles  # before the first step and after each, up to where they are no finite numbers
    least: float  # the loss of the closed form
    steepest: float  # lambda_max, the loss's largest curvature

    @property
    def loss(self) -> float:
        """The loss where gradient descent stands."""
        return float(self.losses[-1])

    @property
    def gap(self) -> float:
        """How far the loss is above the least possible one."""
        return self.loss - self.least

    @property
    def difference(self) -> float:
        """The largest difference between an entry of W or b and the closed form's."""
        apart = np.vstack([self.weights - self.best_weights, self.bias - self.best_bias])
        return float(abs(apart).max())

    @property
    def is_lost(self) -> bool:
        """Whether the loss is higher than before the first step."""
        return bool(self.loss > self.losses[0])
