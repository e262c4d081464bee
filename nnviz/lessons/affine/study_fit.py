"""A layer with many inputs and two outputs, fitted to real data by gradient descent and by the closed form."""

from dataclasses import dataclass

import torch
from torch import Tensor

from nnviz.catalog.diabetes import INPUTS, OUTPUTS, diabetes
from nnviz.lessons.affine.results import Fit
from nnviz.records.run import Doubles
from nnviz.specs.lesson import LessonState, number, whole
from nnviz.training.threads import one_thread

MOST_STEPS = 500


@dataclass(frozen=True)
class FitState(LessonState):
    """How far gradient descent goes, how fast, and how many inputs it may use."""

    steps: int = whole(40, 0, MOST_STEPS)
    rate: float = number(0.1, 0.001, 3, is_log=True)
    inputs: int = whole(len(INPUTS), 1, len(INPUTS))


def fit(state: FitState) -> Fit:
    """Fit W and b in both ways to the first so many inputs."""
    data = diabetes()
    x, units = data.standardised[:, : state.inputs], data.units
    y = data.y / units
    wide = torch.cat([x, torch.ones(len(x), 1, dtype=torch.float64)], 1)
    with one_thread():
        walked, losses = descend(wide, y, state.rate, state.steps)
        best = torch.linalg.lstsq(wide, y).solution
        steepest = torch.linalg.eigvalsh(2 / y.numel() * wide.T @ wide)[-1]
    return Fit(
        known=INPUTS,
        inputs=INPUTS[: state.inputs],
        outputs=OUTPUTS,
        x=_doubles(x),
        y=_doubles(y),
        units=_doubles(units),
        weights=_doubles(walked[:-1]),
        bias=_doubles(walked[-1]),
        best_weights=_doubles(best[:-1]),
        best_bias=_doubles(best[-1]),
        losses=losses,
        least=float((wide @ best - y).square().mean()),
        steepest=float(steepest),
    )


def descend(x: Tensor, y: Tensor, rate: float, steps: int) -> tuple[Tensor, Doubles]:
    """Walk down the mean squared error from W = 0; return W (D, K) and the losses up to the last finite one.

    A loop of its own rather than an optimizer's: every step sees all examples and both outputs, and the gradient
    2/(NK) X^T (XW - Y) stands here as it stands in the lecture, beside the closed form that makes it zero.
    """
    weights = torch.zeros(x.shape[1], y.shape[1], dtype=torch.float64)
    turned, errors = x.T.contiguous(), y.new_empty(steps + 1, *y.shape)
    for now in errors[:-1].unbind():
        torch.addmm(y, x, weights, beta=-1, out=now)
        weights.addmm_(turned, now, alpha=-rate * 2 / y.numel())
    torch.addmm(y, x, weights, beta=-1, out=errors[-1])
    losses = _doubles(errors.square_().mean((1, 2)))
    return weights, losses[: _finite(losses)]


def _finite(losses: Doubles) -> int:
    """Count the losses before the first that is no finite number."""
    return int((~(abs(losses) < float("inf"))).argmax()) or len(losses)


def _doubles(values: Tensor) -> Doubles:
    found: Doubles = values.numpy()
    return found
