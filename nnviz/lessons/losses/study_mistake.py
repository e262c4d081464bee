"""Cross-entropy and squared error of one sample of two classes, from confidently right to confidently wrong."""

import math
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from nnviz.lessons.losses.results import Mistake, Way
from nnviz.records.run import Doubles

REACH = 8.0  # of the logit, both ways
MOST_STEPS = 10_000
_STOPS = 201


def mistake(logit: float, rate: float) -> Mistake:
    """Compare both losses over the logit of the right class, and how fast each leads away from a mistake."""
    logits = np.linspace(-REACH, REACH, _STOPS)
    return Mistake(
        logit=logit,
        p=float(torch.tensor(logit, dtype=torch.float64).sigmoid()),
        logits=logits,
        entropy=_way(F.binary_cross_entropy_with_logits, _entropy_slope, logit, rate, logits),
        squared=_way(_squared, _squared_slope, logit, rate, logits),
    )


def _squared(logits: Tensor, target: Tensor, reduction: str = "mean") -> Tensor:
    return F.mse_loss(logits.sigmoid(), target, reduction=reduction)


def _way(
    loss: Callable[..., Tensor], slope: Callable[[float], float], logit: float, rate: float, logits: Doubles
) -> Way:
    """Measure a loss over all logits and, as the last one, at the chosen one."""
    at = torch.tensor([*logits, logit], dtype=torch.float64, requires_grad=True)
    values = loss(at, torch.ones_like(at), reduction="none")
    (slopes,) = torch.autograd.grad(values.sum(), at)
    path, steps = descend(slope, logit, rate)
    return Way(
        losses=values.detach().numpy()[:-1],
        slopes=slopes.numpy()[:-1],
        loss=float(values[-1].detach()),
        slope=float(slopes[-1]),
        path=path,
        steps=steps,
    )


def descend(slope: Callable[[float], float], logit: float, rate: float) -> tuple[Doubles, int | None]:
    """Take plain gradient steps until the logit is above 0.

    Thousands of steps must be there while a dial is dragged, so the gradients are written out and not autograd's;
    torch's SGD without momentum does the same to the logit (tests compare them).
    """
    path = [logit]
    while path[-1] <= 0 and len(path) <= MOST_STEPS:
        path.append(path[-1] - rate * slope(path[-1]))
    return np.array(path), len(path) - 1 if path[-1] > 0 else None


def _entropy_slope(logit: float) -> float:
    return -1 / (1 + math.exp(logit))


def _squared_slope(logit: float) -> float:
    p = 1 / (1 + math.exp(-logit))
    return -2 * (1 - p) ** 2 * p
