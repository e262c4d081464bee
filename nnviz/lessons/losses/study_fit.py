"""The mean squared error of a line, and the likelihood of a Gaussian around it."""

import math
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor
from torch.distributions import Normal
from torch.nn import functional as F

from nnviz.lessons.losses.results import GaussianFit
from nnviz.records.run import Doubles
from nnviz.specs.lesson import Pairs

SLOPES: tuple[float, float] = (-2.0, 2.0)
SIGMAS: tuple[float, float] = (0.1, 3.0)
_STOPS = 121  # of a curve


def gaussian_fit(points: Pairs, w: float, b: float, sigma: float) -> GaussianFit:
    """Measure a line both ways, in double precision."""
    x, y = torch.tensor(points, dtype=torch.float64).T
    slope = torch.tensor(w, dtype=torch.float64)
    mse = float(_mse(slope, b, x, y))
    slopes = torch.linspace(*SLOPES, _STOPS, dtype=torch.float64)
    sigmas = torch.logspace(math.log10(SIGMAS[0]), math.log10(SIGMAS[1]), _STOPS, dtype=torch.float64)
    return GaussianFit(
        x=x.numpy(),
        y=y.numpy(),
        w=w,
        b=b,
        sigma=sigma,
        mse=mse,
        least_mse=_least_mse(x.numpy(), y.numpy()),
        nll=float(_nll(slope, b, sigma, x, y)),
        nll_by_formula=mse / (2 * sigma**2) + math.log(sigma) + math.log(2 * math.pi) / 2,
        densities=Normal(w * x + b, sigma).log_prob(y).exp().numpy(),  # type: ignore[no-untyped-call]
        slopes=slopes.numpy(),
        mse_over_slopes=_mse(slopes, b, x, y).numpy(),
        nll_over_slopes=_nll(slopes, b, sigma, x, y).numpy(),
        lowest_mse=_lowest(lambda at: _mse(at, b, x, y), w),
        lowest_nll=_lowest(lambda at: _nll(at, b, sigma, x, y), w),
        sigmas=sigmas.numpy(),
        nll_over_sigmas=_nll(slope, b, sigmas, x, y).numpy(),
        best_sigma=math.sqrt(mse),
    )


def _mse(slope: Tensor, b: float, x: Tensor, y: Tensor) -> Tensor:
    """Return the mean over the points for each slope."""
    said = slope[..., None] * x + b
    return F.mse_loss(said, y.expand_as(said), reduction="none").mean(-1)


def _nll(slope: Tensor, b: float, sigma: float | Tensor, x: Tensor, y: Tensor) -> Tensor:
    """Return the mean over the points for each slope or each sigma."""
    spread = torch.as_tensor(sigma, dtype=torch.float64)[..., None]
    said, truth, spread = torch.broadcast_tensors(  # type: ignore[no-untyped-call]
        slope[..., None] * x + b, y, spread
    )
    return F.gaussian_nll_loss(said, truth, spread**2, full=True, reduction="none").mean(-1)


def _lowest(loss: Callable[[Tensor], Tensor], start: float) -> tuple[float, float]:
    """Find where a loss that is quadratic in the slope is smallest: one Newton step on autograd's derivatives."""
    at = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    (first,) = torch.autograd.grad(loss(at), at, create_graph=True)
    (second,) = torch.autograd.grad(first, at)
    lowest = (at - first / second).detach() if second > 0 else at.detach()
    return float(lowest), float(loss(lowest))


def _least_mse(x: Doubles, y: Doubles) -> float:
    w, b = least_squares(x, y)
    return float(np.mean((y - w * x - b) ** 2))


def least_squares(x: Doubles, y: Doubles) -> tuple[float, float]:
    """Return the line with the smallest squared error in closed form; points above each other get a flat one."""
    spread = float(((x - x.mean()) ** 2).sum())
    w = float(((x - x.mean()) * (y - y.mean())).sum()) / spread if spread > 0 else 0.0
    return w, float(y.mean()) - w * float(x.mean())
