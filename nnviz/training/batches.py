"""The order in which examples are seen: one random permutation each epoch, or always the same order."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Generator, Tensor


@dataclass(frozen=True, slots=True)
class Place:
    """Where the order stands: examples seen in all, this epoch's permutation, and the digest of all so far.

    last: examples in the last batch; 0 where that is not known.
    """

    seen: int
    order: Tensor
    digest: str
    last: int = 0


class Batches:
    """An endless stream of (x, y) batches; the last one of an epoch may be smaller."""

    def __init__(
        self, x: Tensor, y: Tensor, batch_size: int, generator: Generator, fixed: Tensor | None = None
    ) -> None:
        self._x, self._y, self._generator = x, y, generator
        self._batch_size = batch_size
        self._fixed = None if fixed is None else fixed.cpu()  # of every epoch; nothing is drawn then
        self.examples = len(x)
        self.seen = 0
        self._last = 0  # examples in the last batch
        self._order = torch.empty(0, dtype=torch.int64)
        self._indices: Iterator[Tensor] = iter(())
        self._digest = _chained("", str(batch_size).encode())  # of sizes and permutations, in the order of use

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
        if value != self._batch_size:
            self._digest = _chained(self._digest, f"{self.seen} {value}".encode())
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
            drawn = self._drawn(self._generator)
            self._digest = _chained(self._digest, drawn.numpy().data)
            self._order = drawn.to(self._x.device)
            self._indices = iter(torch.split(self._order, self._batch_size))
            indices = next(self._indices)
        return indices

    def _drawn(self, generator: Generator) -> Tensor:
        return torch.randperm(self.examples, generator=generator) if self._fixed is None else self._fixed

    def next(self) -> tuple[Tensor, Tensor]:
        """Return the next batch, in fresh and aligned memory."""
        indices = self._next_indices()
        self._last = indices.shape[0]  # len() of a tensor is a slow call
        self.seen += self._last
        return self._x.index_select(0, indices), self._y.index_select(0, indices)

    def last(self) -> tuple[Tensor, Tensor] | None:
        """Return the last batch once more; None where there was none."""
        if not self._last:
            return None
        end = (self.seen - 1) % self.examples + 1
        indices = self._order[end - self._last : end]
        return self._x.index_select(0, indices), self._y.index_select(0, indices)

    def name(self) -> str:
        """Name the examples of every batch up to the end of this epoch, in order, in 12 characters (SHA-256).

        Before the first batch the first epoch is looked up with a copy of the generator.
        """
        digest = self._digest
        if not self.seen:
            ahead = Generator()
            ahead.set_state(self._generator.get_state())
            digest = _chained(digest, self._drawn(ahead).numpy().data)
        return digest[:12]

    @property
    def place(self) -> Place:
        """A copy of where the order stands."""
        return Place(self.seen, self._order.clone(), self._digest, self._last)

    @place.setter
    def place(self, place: Place) -> None:
        self.seen, self._order, self._digest = place.seen, place.order.clone(), place.digest
        self._last = place.last
        self._cut()


def _chained(digest: str, part: bytes | memoryview) -> str:
    """Return the digest of what was digested before and one part more: a text, so that it can be kept and sent."""
    return hashlib.sha256(digest.encode() + part).hexdigest()
