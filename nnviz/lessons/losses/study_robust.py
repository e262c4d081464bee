"""The lines that make the squared, the absolute and Huber's loss smallest, and these losses themselves."""

from collections.abc import Callable, Mapping

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from nnviz.lessons.losses.results import Line, RobustFit
from nnviz.lessons.losses.study_fit import least_squares
from nnviz.records.run import Doubles
from nnviz.specs.lesson import Pairs

REACH = 4.0  # of the figures, both ways
_STOPS = 161


def robust_fit(points: Pairs, delta: float, residual: float) -> RobustFit:
    """Fit the three lines with and without the outlier, and measure the three losses."""
    x, y = np.array(points, dtype=np.float64).T
    lines = _lines(x, y, delta)
    w, b = lines["absolute"]
    outlier = int(np.argmax(np.abs(y - w * x - b)))
    without = _lines(np.delete(x, outlier), np.delete(y, outlier), delta)
    residuals = np.linspace(-REACH, REACH, _STOPS)
    curves = {name: _measured(loss, residuals) for name, loss in losses(delta).items()}
    at = {name: _measured(loss, np.array([residual])) for name, loss in losses(delta).items()}
    return RobustFit(
        x=x,
        y=y,
        delta=delta,
        residual=residual,
        lines=lines,
        without=without,
        outlier=outlier,
        moved={name: apart(lines[name], without[name]) for name in lines},
        residuals=residuals,
        losses={name: loss for name, (loss, _) in curves.items()},
        slopes={name: slope for name, (_, slope) in curves.items()},
        loss_at={name: float(loss[0]) for name, (loss, _) in at.items()},
        slope_at={name: float(slope[0]) for name, (_, slope) in at.items()},
    )


def losses(delta: float) -> Mapping[str, Callable[..., Tensor]]:
    """Name torch's losses, each to be called as loss(output, target, reduction=...)."""

    def huber(output: Tensor, target: Tensor, reduction: str = "mean") -> Tensor:
        return F.huber_loss(output, target, reduction=reduction, delta=delta)

    return {"squared": F.mse_loss, "absolute": F.l1_loss, "huber": huber}


def apart(one: Line, other: Line) -> float:
    """Return how far two lines are apart at most between the ends of the figure."""
    return max(abs((one[0] - other[0]) * end + one[1] - other[1]) for end in (-REACH, REACH))


def _measured(loss: Callable[..., Tensor], residuals: Doubles) -> tuple[Doubles, Doubles]:
    """Return the loss of each residual and autograd's derivative by it."""
    at = torch.tensor(residuals, requires_grad=True)
    values = loss(at, torch.zeros_like(at), reduction="none")
    (slopes,) = torch.autograd.grad(values.sum(), at)
    return values.detach().numpy(), slopes.numpy()


def _lines(x: Doubles, y: Doubles, delta: float) -> dict[str, Line]:
    squared = least_squares(x, y)
    return {"squared": squared, "absolute": least_absolute(x, y), "huber": least_huber(x, y, delta, squared)}


def least_absolute(x: Doubles, y: Doubles) -> Line:
    """Return the line with the smallest absolute error: one of the best always goes through two of the points."""
    first, second = np.triu_indices(len(x), 1)
    is_apart = x[first] != x[second]
    if not is_apart.any():
        return 0.0, float(np.median(y))
    first, second = first[is_apart], second[is_apart]
    w = (y[second] - y[first]) / (x[second] - x[first])
    b = y[first] - w * x[first]
    best = int(np.argmin(np.abs(y - w[:, None] * x - b[:, None]).sum(1)))
    return float(w[best]), float(b[best])


def least_huber(x: Doubles, y: Doubles, delta: float, start: Line) -> Line:
    """Return the line with the smallest Huber loss, by torch's LBFGS from another line."""
    line = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    inputs, targets = torch.from_numpy(x), torch.from_numpy(y)
    search = torch.optim.LBFGS(
        [line], max_iter=60, tolerance_grad=1e-9, tolerance_change=1e-14, line_search_fn="strong_wolfe"
    )

    def closure() -> float:
        search.zero_grad()
        value = F.huber_loss(line[0] * inputs + line[1], targets, delta=delta)
        value.backward()  # type: ignore[no-untyped-call]
        return float(value.detach())

    search.step(closure)  # type: ignore[no-untyped-call]
    w, b = line.tolist()
    return w, b
