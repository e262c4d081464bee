"""Losses and gradients of a network in evaluation, taken beside training, of which nothing changes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import torch
from torch import Tensor

from nnviz.catalog.task import ModelContext
from nnviz.catalog.training_state import Loss, TrainingState


class Slope(NamedTuple):
    """A loss, and its gradient by each parameter."""

    loss: float
    gradient: tuple[Tensor, ...]


def slope(look: ModelContext, loss: Loss, x: Tensor, target: Tensor) -> Slope:
    """Return the mean loss of some examples with its gradient, which no parameter is told of."""
    with torch.enable_grad(), torch.backends.cudnn.flags(enabled=False):  # its LSTM has no way back in evaluation
        value = loss(x, target)
        found = torch.autograd.grad(value, list(look.model.parameters()), allow_unused=True, materialize_grads=True)
    return Slope(value.item(), found)


@contextmanager
def as_before(state: TrainingState) -> Iterator[None]:
    """Put the weights before the last update into the network, and then its own back, bit by bit."""
    kept = [value.clone() for value in state.now]
    try:
        put(state.now, state.before)
        yield
    finally:
        put(state.now, kept)


def put(into: Sequence[Tensor], values: Sequence[Tensor]) -> None:
    """Write values into parameters."""
    for place, value in zip(into, values, strict=True):
        place.copy_(value)


def dot(one: Sequence[Tensor], other: Sequence[Tensor]) -> float:
    """Return the inner product of two sets of parameters, in double precision."""
    total = torch.stack([(a.double() * b.double()).sum() for a, b in zip(one, other, strict=True)]).sum()
    return float(total.item())
