"""The average of a network's weights, kept beside them."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor

from nnviz.catalog.averages import Averaging
from nnviz.training.players import Update


class Averages:
    """Follows a flat buffer of parameters; `count` updates are in the average so far."""

    def __init__(self, averaging: Averaging, parameter: Tensor) -> None:
        self._averaging, self._parameter = averaging, parameter.detach()
        self.values = self._parameter.clone()
        self._updates = 0

    @property
    def count(self) -> int:
        """Sets of weights in the average."""
        return max(0, self._updates - self._averaging.start)

    def go_to(self, step: int, values: Tensor | None) -> None:
        """Go back (or on) to after an update."""
        self._updates = step
        if values is not None:
            self.values.copy_(values)

    def after(self, learn: Update) -> Update:
        """Return an update that is followed."""

        def followed(x: Tensor, target: Tensor) -> tuple[float, ...]:
            losses = learn(x, target)
            self._follow()
            return losses

        return followed

    def _follow(self) -> None:
        before, self._updates = self.count, self._updates + 1
        if before == 0 and self.count == 1:
            self.values.copy_(self._parameter)
        elif self.count:
            self._averaging.take([self.values], [self._parameter], torch.tensor(before))

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Let the network answer with its average, where there is one yet."""
        if not self.count:
            yield
            return
        own = self._parameter.clone()
        self._parameter.copy_(self.values)
        try:
            yield
        finally:
            self._parameter.copy_(own)
