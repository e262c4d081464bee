"""The loss of every update, kept within a fixed number of points."""

import numpy as np

from nnviz.records.run import Curve

MOST = 4096


class LossCurve:
    """Keeps every `stride`-th loss; when full, every second point goes and the stride doubles."""

    def __init__(self, players: int = 1) -> None:
        self._points = np.empty((3 + players, MOST))  # rows: steps, epochs, seconds, each player's losses
        self._count = 0
        self.stride = 1

    def add(self, step: int, epoch: float, seconds: float, *losses: float) -> None:
        """Keep one update's losses; call it for multiples of `stride` only."""
        if self._count == MOST:
            self._halve()
            if step % self.stride:
                return
        self._points[:, self._count] = step, epoch, seconds, *losses
        self._count += 1

    def _halve(self) -> None:
        kept = self._points[:, 1::2]
        self._points[:, : kept.shape[1]] = kept.copy()
        self._count = kept.shape[1]
        self.stride *= 2

    def freeze(self) -> Curve:
        """Return a read-only copy."""
        points = self._points[:, : self._count].copy()
        points.flags.writeable = False
        steps, epochs, seconds, losses, *others = points
        return Curve(steps, epochs, seconds, losses, self.stride, tuple(others))

    def copy(self) -> "LossCurve":
        """Return an independent copy."""
        other = LossCurve(len(self._points) - 3)
        other._points[:], other._count, other.stride = self._points, self._count, self.stride
        return other
