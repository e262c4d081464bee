"""The loss of every update of late, until somebody writes it down."""

from array import array
from collections import deque
from typing import TypeVar

import numpy as np

from nnviz.records.every_loss import Doubles, RecentLosses, exact
from nnviz.records.shapes import Floats

Kept = TypeVar("Kept", Doubles, Doubles | Floats)
PART = 8192  # updates that are let go of at once
MOST_PARTS = 24  # kept beside the present one: the last ten seconds of the smallest network at full speed


class LossLog:
    """Notes each update's losses and lets the oldest go, so that it does not grow with a run."""

    def __init__(self, players: int = 1) -> None:
        self._players = players
        self._first = 0  # updates before the first that it knows
        self._parts: deque[Doubles | Floats] = deque()
        self._open = array("d")
        self.last: tuple[float, ...] = ()  # of the last update that it was told of, player by player

    def add(self, losses: tuple[float, ...]) -> None:
        """Note one update's losses."""
        self.last = losses
        self._open.extend(losses)
        if len(self._open) == PART * self._players:
            self._parts.append(_still(exact(self._newest())))
            self._open = array("d")
            if len(self._parts) > MOST_PARTS:
                self._first += len(self._parts.popleft())

    def _newest(self) -> Doubles:
        return _still(np.array(self._open).reshape(-1, self._players))

    def freeze(self) -> RecentLosses:
        """Return what it knows."""
        return RecentLosses(self._first, (*self._parts, self._newest()))

    def go_to(self, step: int) -> None:
        """Forget what came after an update; where it has not come so far, all."""
        losses = np.concatenate([*self._parts, self._newest()])
        is_known = self._first <= step <= self._first + len(losses)
        kept = losses[: step - self._first] if is_known else losses[:0]
        self._first = step - len(kept)
        self._parts = deque(np.array(kept[at : at + PART]) for at in range(0, len(kept) - PART + 1, PART))
        self._open = array("d", kept[PART * len(self._parts) :].ravel())


def _still(found: Kept) -> Kept:
    found.flags.writeable = False
    return found
