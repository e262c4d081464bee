"""Softmax, temperature and cross-entropy on one sample and on a small batch."""

from collections.abc import Sequence

import torch
from torch.distributions import Categorical
from torch.nn import functional as F

from nnviz.lessons.losses.results import Classification

# The logits of the other samples of the batch, cut to as many classes as there are, and their true classes.
OTHERS: tuple[tuple[float, ...], ...] = (
    (3.0, 0.5, -1.0, 0.0, -2.0),
    (0.2, 1.4, 0.6, -0.5, 0.3),
    (1.0, 0.8, 0.9, 0.7, 1.1),
    (2.2, -0.4, 0.1, -1.0, 0.4),
)
_RIGHTS = (0, 1, 2, 1)


def classification(logits: Sequence[float], right: int, temperature: float) -> Classification:
    """Follow logits to probabilities, loss and gradient, in double precision; `right` is cut to the last class."""
    right = min(right, len(logits) - 1)
    z = torch.tensor(logits, dtype=torch.float64, requires_grad=True)
    target = torch.tensor(right)
    loss = F.cross_entropy(z / temperature, target)
    (gradient,) = torch.autograd.grad(loss, z)
    scaled = z.detach() / temperature
    p = scaled.softmax(0)
    batch = torch.tensor([logits, *(row[: len(logits)] for row in OTHERS)], dtype=torch.float64) / temperature
    rights = torch.tensor([right, *_RIGHTS])
    return Classification(
        logits=z.detach().numpy(),
        right=right,
        temperature=temperature,
        p=p.numpy(),
        loss=float(loss.detach()),
        categorical=-float(Categorical(logits=scaled).log_prob(target)),  # type: ignore[no-untyped-call]
        gradient=gradient.numpy(),
        gap=(p - F.one_hot(target, len(logits))).numpy(),
        rights=tuple(rights.tolist()),
        terms=F.cross_entropy(batch, rights, reduction="none").numpy(),
        mean=float(F.cross_entropy(batch, rights)),
    )
