"""Counting updates against time."""

import sys
from collections import deque
from time import monotonic

from nnviz.words import errors
from nnviz.words.language import message

SLOWEST = 60.0  # seconds per update


class Clock:
    """Counts updates against time, for pacing and for the speed shown."""

    def __init__(self) -> None:
        self._started = monotonic()
        self._recent: deque[tuple[float, int]] = deque([(self._started, 0)])
        self._total = 0
        self._paced_from = (self._started, 0, 0.0)

    def count(self, updates: int) -> None:
        """Note updates done just now."""
        self._total += updates
        now = monotonic()
        if now - self._recent[-1][0] >= 0.05:
            self._recent.append((now, self._total))
        while now - self._recent[0][0] > 1.0 and len(self._recent) > 2:
            self._recent.popleft()

    def rate(self) -> float:
        """Updates per second over the last second or so."""
        (start, before), now = self._recent[0], monotonic()
        return (self._total - before) / (now - start) if now > start else 0.0

    def owed(self, pace: float) -> int:
        """Updates that the pace allows by now; at most a quarter of a second is caught up.

        Without a pace there is no limit, and what is done meanwhile is not taken for paid in advance.
        """
        if not pace:
            self._paced_from = (monotonic(), self._total, pace)
            return sys.maxsize
        since, done, paced = self._paced_from
        now = monotonic()
        if paced != pace or now - since - (self._total - done) * pace > 0.25:
            self._paced_from = (now, self._total, pace)
            return 1
        return max(0, int((now - since) / pace) + 1 - (self._total - done))

    def next_in(self, pace: float) -> float:
        """Seconds until the next update is owed."""
        since, done, _ = self._paced_from
        return since + (self._total - done) * pace - monotonic()


def checked_pace(seconds: float) -> float:
    """Return seconds per update; raises ValueError for what is no pace."""
    if not 0 <= seconds <= SLOWEST:
        raise ValueError(message(errors.NUMBERS["pace"], most=SLOWEST, value=seconds))
    return float(seconds)


def seconds_until(moment: float) -> float:
    """Return how long it is until a moment of the monotonic clock; 0 where that has passed."""
    return max(0.0, moment - monotonic())
