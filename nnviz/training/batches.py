"""The order in which examples are seen: one random permutation each epoch."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Generator, Tensor


@dataclass(frozen=True, slots=True)
class Place:
    """Where the order stands: examples seen in all, and this epoch's permutation."""

    seen: int
    order: Tensor


class Batches:
    """An endless stream of (x, y) batches; the last one of an epoch may be smaller."""

    def __init__(self, x: Tensor, y: Tensor, batch_size: int, generator: Generator) -> None:
        self._x, self._y, self._generator = x, y, generator
        self._batch_size = batch_size
        self.examples = len(x)
        self.seen = 0
        self._order = torch.empty(0, dtype=torch.int64)
        self._indices: Iterator[Tensor] = iter(())

    @property
    def epoch(self) -> float:
        """Examples seen over examples there are."""
        return self.seen / self.examples

    @property
    def batch_size(self) -> int:
        """Examples in a batch; a new value holds from the next batch on, within the same permutation."""
        return self._batch_size

    @batch_size.setter
    def batch_size(self, value: int) -> None:
        self._batch_size = value
        self._cut()

    def updates_to(self, epoch: int) -> int:
        """Count the batches to the end of that many epochs, at the present batch size."""
        whole, rest = divmod(epoch * self.examples - self.seen, self.examples)
        return whole * -(-self.examples // self._batch_size) + -(-rest // self._batch_size)

    def _cut(self) -> None:
        """Cut what is left of this epoch's permutation into batches."""
        position = self.seen % self.examples
        self._indices = iter(torch.split(self._order[position:], self._batch_size) if position else ())

    def _next_indices(self) -> Tensor:
        indices = next(self._indices, None)
        if indices is None:
            self._order = torch.randperm(self.examples, generator=self._generator).to(self._x.device)
            self._indices = iter(torch.split(self._order, self._batch_size))
            indices = next(self._indices)
        return indices

    def next(self) -> tuple[Tensor, Tensor]:
        """Return the next batch, in fresh and aligned memory."""
        indices = self._next_indices()
        self.seen += indices.shape[0]  # len() of a tensor is a slow call
        return self._x.index_select(0, indices), self._y.index_select(0, indices)

    @property
    def place(self) -> Place:
        """A copy of where the order stands."""
        return Place(self.seen, self._order.clone())

    @place.setter
    def place(self, place: Place) -> None:
        self.seen, self._order = place.seen, place.order.clone()
        self._cut()
