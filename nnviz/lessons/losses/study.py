"""Losses: squared error and Gaussian likelihood, outliers, cross-entropy, and squared error on classes."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnviz.lessons.losses.results import Classification, GaussianFit, Mistake, RobustFit
from nnviz.lessons.losses.study_classes import classification
from nnviz.lessons.losses.study_fit import SIGMAS, SLOPES, gaussian_fit
from nnviz.lessons.losses.study_mistake import REACH, mistake
from nnviz.lessons.losses.study_robust import apart, robust_fit
from nnviz.specs.lesson import LessonState, number, numbers, pairs, whole

_POINTS = ((-3, -1.7), (-2.3, -2.1), (-1.5, -0.4), (-0.6, -0.9), (0.3, 0.9), (1.1, 0.4), (2.0, 2.2), (2.8, 1.6))
_SAMPLE = (
    (-3.4, -1.2), (-2.7, -1.3), (-2.0, -0.6), (-1.2, -0.5), (-0.4, 0.0), (0.4, 0.1), (1.1, 0.6), (1.9, 0.7),
    (2.6, 1.2), (3.3, -2.2),
)  # fmt: skip


@dataclass(frozen=True)
class State(LessonState):
    """The points and the line, the points with an outlier, the logits, and the mistake."""

    points: tuple[tuple[float, float], ...] = pairs(_POINTS, -4, 4, least=3, most=12)
    w: float = number(0.3, *SLOPES)
    b: float = number(0.5, -4, 4)
    sigma: float = number(0.6, *SIGMAS, is_log=True)
    sample: tuple[tuple[float, float], ...] = pairs(_SAMPLE, -4, 4, least=4, most=14)
    delta: float = number(0.8, 0.1, 8, is_log=True)
    residual: float = number(2, -4, 4)
    logits: tuple[float, ...] = numbers((2, 0.5, -1), -6, 6, step=0.1, least=3, most=5)
    right: int = whole(0, 0, 4)
    temperature: float = number(1, 0.5, 5, is_log=True)
    logit: float = number(-2.5, -REACH, REACH, step=0.1)
    rate: float = number(1, 0.1, 10, is_log=True)


def study_fit(state: State) -> GaussianFit:
    """Measure the line."""
    return gaussian_fit(state.points, state.w, state.b, state.sigma)


def study_robust(state: State) -> RobustFit:
    """Fit the lines to the points with an outlier."""
    return robust_fit(state.sample, state.delta, state.residual)


def study_classes(state: State) -> Classification:
    """Follow the logits."""
    return classification(state.logits, state.right, state.temperature)


def study_mistake(state: State) -> Mistake:
    """Compare both losses on the mistake."""
    return mistake(state.logit, state.rate)


def _has_even_odds(state: State, found: Classification) -> bool:
    return abs(found.loss - math.log(len(found.p))) < 0.01 and float(np.ptp(found.p)) < 0.02


def _is_much_slower(state: State, found: Mistake) -> bool:
    slow, fast = found.squared.steps, found.entropy.steps
    return slow is not None and fast is not None and 0 < 50 * fast <= slow


Solved = Callable[[State, Any], bool]
FIT_TASKS: Mapping[str, Solved] = {
    "squares": lambda state, found: found.mse <= 1.02 * found.least_mse + 1e-9,
    "sigma": lambda state, found: abs(found.sigma - found.best_sigma) <= 0.03 * found.best_sigma,
    "too_sure": lambda state, found: found.nll > 10,
}
ROBUST_TASKS: Mapping[str, Solved] = {
    "pull": lambda state, found: found.moved["squared"] > 1.8 and found.moved["absolute"] < 0.4,
    "agree": lambda state, found: (
        apart(found.lines["huber"], found.lines["squared"]) < 0.02 and found.moved["squared"] > 1
    ),
}
CLASS_TASKS: Mapping[str, Solved] = {
    "even": _has_even_odds,
    "confident": lambda state, found: found.loss > 4,
    "settled": lambda state, found: bool(np.abs(found.gap).max() < 0.01),
}
MISTAKE_TASKS: Mapping[str, Solved] = {
    "asleep": lambda state, found: found.logit < 0 and found.ratio < 0.1,
    "slower": _is_much_slower,
}
TASKS: Mapping[str, Solved] = {**FIT_TASKS, **ROBUST_TASKS, **CLASS_TASKS, **MISTAKE_TASKS}
