"""The order in which training sees its examples."""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from nnviz.catalog.entry import Entry

Order = Callable[[Tensor], Tensor]  # from the targets to the places of the examples in every epoch


def by_target(y: Tensor) -> Tensor:
    """Sort by class or by the first target; equal ones stay as they are stored."""
    return torch.argsort(y.flatten(1)[:, 0] if y.dim() > 1 else y, stable=True)


def as_stored(y: Tensor) -> Tensor:
    """Leave the examples as they are stored."""
    return torch.arange(len(y), device=y.device)


ORDERS: Mapping[str, Entry[Order | None]] = {
    "shuffled": Entry("Shuffled", lambda: None, note="Every epoch sees all examples in an order drawn anew."),
    "stored": Entry("As stored", lambda: as_stored, note="Every epoch sees the same batches in the same order."),
    "sorted": Entry(
        "Sorted by target",
        lambda: by_target,
        note="Every epoch sees one class after the other, or the targets from low to high: data that nobody shuffled.",
    ),
}
