"""The loss of every update, kept within a fixed number of points."""

import numpy as np

from nnviz.records import Curve

MOST = 4096


class LossCurve:
    """Keeps every `stride`-th loss; when full, every second point goes and the stride doubles."""

    def __init__(self) -> None:
        self._points = np.empty((4, MOST))  # rows: steps, epochs, seconds, losses
        self._count = 0
        self.stride = 1

    def add(self, step: int, epoch: float, seconds: float, loss: float) -> None:
        """Keep one update's loss; call it for multiples of `stride` only."""
        if self._count == MOST:
            self._halve()
            if step % self.stride:
                return
        self._points[:, self._count] = step, epoch, seconds, loss
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
        steps, epochs, seconds, losses = points
        return Curve(steps, epochs, seconds, losses, self.stride)

    def copy(self) -> "LossCurve":
        """Return an independent copy."""
        other = LossCurve()
        other._points[:], other._count, other.stride = self._points, self._count, self.stride
        return other
