"""The learning-rate schedule that listens: it lowers the rate where the loss falls no more."""

import math


class Plateau:
    """Lowers the rate when the mean training loss of an epoch's updates has not fallen for some time."""

    def __init__(self, window: int, gamma: float, patience: int, threshold: float, floor: float) -> None:
        self.window, self.gamma, self.patience = window, gamma, patience
        self.threshold, self.floor = threshold, floor
        self.factor, self.best, self.bad = 1.0, math.inf, 0
        self.total, self.count = 0.0, 0

    def hear(self, loss: float) -> None:
        """Take the loss of one update on its own batch."""
        self.total += loss
        self.count += 1
        if self.count < self.window:
            return
        mean = self.total / self.count
        self.total, self.count = 0.0, 0
        is_better = mean < self.best * (1 - self.threshold)
        self.best, self.bad = (mean, 0) if is_better else (self.best, self.bad + 1)
        if self.bad > self.patience:
            self.factor, self.bad = max(self.factor * self.gamma, self.floor), 0
