"""The loss of every update, kept within a fixed number of points."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from nnviz.records.run import Curve, Doubles

MOST = 4096
_CLOCKS = 3  # rows of the points that tell when


class LossCurve:
    """Keeps every `stride`-th loss, and between which two losses all updates up to it lay.

    When full, every second point goes and the stride doubles.  Call `add` for multiples of `stride`, `skip` for all
    other updates.  Where learning rates follow a schedule, `note_rates` goes before.
    """

    def __init__(self, players: int = 1) -> None:
        self._players = players
        self._rates: Doubles | None = None  # (players, MOST), once any are noted
        self._points = np.empty((_CLOCKS + 3 * players, MOST))  # steps, epochs, seconds, losses, lows, highs
        self._count = 0
        self.stride = 1
        self._forget()

    def _forget(self) -> None:
        self._lows, self._highs = [math.inf] * self._players, [-math.inf] * self._players  # since the last point

    def add(self, step: int, epoch: float, seconds: float, *losses: float) -> None:
        """Keep one update's losses."""
        if self._count == MOST:
            self._halve()
        self.skip(losses)
        if step % self.stride:
            return
        self._points[:, self._count] = step, epoch, seconds, *losses, *self._lows, *self._highs
        self._count += 1
        self._forget()

    def skip(self, losses: tuple[float, ...]) -> None:
        """Note one update's losses, which are not kept."""
        for player, loss in enumerate(losses):
            if loss < self._lows[player]:
                self._lows[player] = loss
            if loss > self._highs[player]:
                self._highs[player] = loss

    def note_rates(self, step: int, rates: tuple[float, ...]) -> None:
        """Keep the learning rates of an update that `add` is told of next, where its losses are kept."""
        if self._count == MOST and step % self.stride == 0:
            self._halve()
        if step % self.stride == 0:
            self._rates = np.full((self._players, MOST), np.nan) if self._rates is None else self._rates
            self._rates[:, self._count] = rates

    def _halve(self) -> None:
        _, lows, highs = (self._points[start : start + self._players] for start in self._starts)
        lows[:, 1::2] = np.minimum(lows[:, ::2], lows[:, 1::2])
        highs[:, 1::2] = np.maximum(highs[:, ::2], highs[:, 1::2])
        kept = self._points[:, 1::2]
        self._points[:, : kept.shape[1]] = kept.copy()
        if self._rates is not None:
            self._rates[:, : kept.shape[1]] = self._rates[:, 1::2].copy()
        self._count = kept.shape[1]
        self.stride *= 2

    def freeze(self) -> Curve:
        """Return a read-only copy, whose last point also stands for the updates after it."""
        points = self._points[:, : self._count].copy()
        if self._count:
            _, low, high = (points[start : start + self._players, -1] for start in self._starts)
            low[:], high[:] = np.minimum(low, self._lows), np.maximum(high, self._highs)
        points.flags.writeable = False
        rows: list[Doubles] = list(points)
        steps, epochs, seconds = rows[:_CLOCKS]
        losses, lows, highs = (tuple(rows[start : start + self._players]) for start in self._starts)
        return Curve(steps, epochs, seconds, losses[0], self.stride, losses[1:], lows, highs, self._frozen_rates())

    def _frozen_rates(self) -> tuple[Doubles, ...]:
        if self._rates is None:
            return ()
        kept = self._rates[:, : self._count].copy()
        kept.flags.writeable = False
        return tuple(kept)

    @property
    def _starts(self) -> range:
        """Where the rows of the losses, of the lows and of the highs begin."""
        return range(_CLOCKS, _CLOCKS + 3 * self._players, self._players)

    def state(self) -> dict[str, Any]:
        """Return all that it holds, to be saved."""
        points = self._points[:, : self._count].copy()
        rates = {} if self._rates is None else {"rates": self._rates[:, : self._count].copy()}
        return {
            "points": points, "stride": self.stride, "lows": tuple(self._lows), "highs": tuple(self._highs), **rates
        }  # fmt: skip

    @classmethod
    def of(cls, state: Mapping[str, Any]) -> "LossCurve":
        """Return the curve of a state."""
        found = cls(len(state["lows"]))
        points = state["points"]
        found._points[:, : points.shape[1]], found._count = points, points.shape[1]
        found.stride, found._lows, found._highs = state["stride"], list(state["lows"]), list(state["highs"])
        if "rates" in state:
            found._rates = np.full((found._players, MOST), np.nan)
            found._rates[:, : points.shape[1]] = state["rates"]
        return found

    def until(self, step: int) -> "LossCurve":
        """Return what it has kept of the updates up to one."""
        other = self.copy()
        other._count = int(np.searchsorted(self._points[0, : self._count], step, side="right"))
        if other._count < self._count:
            other._forget()
        return other

    def copy(self) -> "LossCurve":
        """Return an independent copy."""
        other = LossCurve(self._players)
        other._points[:], other._count, other.stride = self._points, self._count, self.stride
        other._lows, other._highs = list(self._lows), list(self._highs)
        other._rates = None if self._rates is None else self._rates.copy()
        return other
