"""What the lesson on losses finds."""

from collections.abc import Mapping
from dataclasses import dataclass

from nnviz.records.run import Doubles

Line = tuple[float, float]  # slope and height at 0


@dataclass(frozen=True, slots=True)
class GaussianFit:
    """A line through points: its mean squared error, and how likely a Gaussian around it makes the points."""

    x: Doubles
    y: Doubles
    w: float
    b: float
    sigma: float
    mse: float
    least_mse: float  # of all lines
    nll: float  # mean over the points, torch's own
    nll_by_formula: float  # from the mean squared error
    densities: Doubles  # of each point
    slopes: Doubles
    mse_over_slopes: Doubles  # b held
    nll_over_slopes: Doubles
    lowest_mse: tuple[float, float]  # the slope that makes it smallest, b held, and how small
    lowest_nll: tuple[float, float]
    sigmas: Doubles
    nll_over_sigmas: Doubles
    best_sigma: float  # the root of the mean squared error

    @property
    def difference(self) -> float:
        """How far torch's value and the formula's are apart."""
        return abs(self.nll - self.nll_by_formula)


@dataclass(frozen=True, slots=True)
class RobustFit:
    """Lines that make different losses smallest, by the loss's name, and these losses over one residual."""

    x: Doubles
    y: Doubles
    delta: float
    residual: float
    lines: Mapping[str, Line]
    without: Mapping[str, Line]  # the outlier
    outlier: int  # the point that the absolute loss's line misses most
    moved: Mapping[str, float]  # how far the outlier alone moves each line, at most, between the ends of the figure
    residuals: Doubles
    losses: Mapping[str, Doubles]
    slopes: Mapping[str, Doubles]
    loss_at: Mapping[str, float]  # of the chosen residual
    slope_at: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Classification:
    """One sample's logits, what softmax and cross-entropy make of them, and a batch around it."""

    logits: Doubles
    right: int
    temperature: float
    p: Doubles
    loss: float
    categorical: float  # minus the log probability by torch's distribution
    gradient: Doubles  # by the logits, from autograd
    gap: Doubles  # p minus the one-hot target
    rights: tuple[int, ...]  # the true class of each sample of the batch; this one comes first
    terms: Doubles  # the loss of each
    mean: float  # torch's own mean over the batch

    @property
    def gradient_by_formula(self) -> Doubles:
        """What the chain rule gives: (p - y) / T."""
        return self.gap / self.temperature


@dataclass(frozen=True, slots=True)
class Way:
    """One loss of a sample of two classes: over the logit, at the chosen logit, and down from there."""

    losses: Doubles
    slopes: Doubles
    loss: float
    slope: float
    path: Doubles  # the logit before each update and after the last
    steps: int | None  # until the answer is right; None where that takes too long


@dataclass(frozen=True, slots=True)
class Mistake:
    """Cross-entropy and squared error on the same logit."""

    logit: float
    p: float  # of the right class
    logits: Doubles
    entropy: Way
    squared: Way

    @property
    def ratio(self) -> float:
        """The squared error's slope as a share of cross-entropy's."""
        return self.squared.slope / self.entropy.slope
