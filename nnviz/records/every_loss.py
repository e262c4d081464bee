"""The loss of every update, none left out: of late, or of a stretch of a run."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnviz.records.shapes import Floats

Doubles = NDArray[np.float64]
Steps = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class EveryLoss:
    """Updates in order, and their losses: (updates,) and (updates, players)."""

    steps: Steps
    losses: Doubles

    @classmethod
    def none(cls, players: int = 1) -> "EveryLoss":
        """Return no updates."""
        return cls(np.empty(0, np.int64), np.empty((0, players)))

    def __len__(self) -> int:
        return len(self.steps)

    def between(self, low: float, high: float) -> "EveryLoss":
        """Keep the updates from one to another, both included."""
        first, end = np.searchsorted(self.steps, low), np.searchsorted(self.steps, high, side="right")
        return EveryLoss(self.steps[first:end], self.losses[first:end])

    def then(self, later: "EveryLoss") -> "EveryLoss":
        """Go on with what came later; where both know an update, that has the word."""
        if not len(later):
            return self
        before = self.between(-np.inf, later.steps[0] - 1)
        if not len(before):
            return later
        return EveryLoss(np.concatenate([before.steps, later.steps]), np.concatenate([before.losses, later.losses]))

    def telling(self, size: int) -> "EveryLoss":
        """Keep of every `size` updates the one with the least and the one with the greatest loss of each player."""
        if size < 2 or not len(self):
            return self
        ends = np.full((-len(self) % size, self.losses.shape[1]), self.losses[-1])
        # What is no number is drawn nowhere, and must not hide what is.
        each = np.concatenate([self.losses, ends]).reshape(-1, size, self.losses.shape[1])
        least, most = (np.where(np.isfinite(each), each, end) for end in (np.inf, -np.inf))
        places = np.concatenate([least.argmin(axis=1), most.argmax(axis=1)]).reshape(2, -1, self.losses.shape[1])
        starts = size * np.arange(len(each))[None, :, None]
        kept = np.unique(np.append(places + starts, len(self) - 1))
        return EveryLoss(self.steps[kept], self.losses[kept])


@dataclass(frozen=True, slots=True)
class RecentLosses:
    """The loss of every update of late.

    first: updates done before the first of them.  parts: (updates, players) each, one after the other.
    """

    first: int = 0
    parts: tuple[Doubles | Floats, ...] = ()

    @property
    def all(self) -> EveryLoss:
        """Put the parts together."""
        if not self.parts:
            return EveryLoss.none()
        losses = np.concatenate(self.parts).astype(np.float64, copy=False)
        return EveryLoss(np.arange(self.first + 1, self.first + 1 + len(losses)), losses)


def exact(values: Doubles) -> Doubles | Floats:
    """Return numbers with half the bytes where that changes none of them, as with the losses of most networks."""
    short = values.astype(np.float32)
    return short if np.array_equal(short.astype(np.float64), values, equal_nan=True) else values
