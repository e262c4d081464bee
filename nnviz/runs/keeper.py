"""Hands a run over, as it stands, to whoever saves it: every few seconds, and whenever it comes to rest."""

from collections.abc import Callable
from time import monotonic

from nnviz.records.run import Snapshot
from nnviz.runs.lane_spec import LaneSpec

FIRST_S = 3.0  # a run that has not been going for so long was a stop on the way to another one
EVERY_S = 4.0  # so that no more than five seconds can be lost, the writing included

Moment = tuple[int, int]  # updates and live changes done so far
Take = Callable[[tuple[LaneSpec, ...], Snapshot], None]


class Keeper:
    """Knows when a run is to be handed over; `take` gets its lanes as values from which it goes on, and how it looks.

    It is called in the pool's thread, and must not hold it up.
    """

    def __init__(self, take: Take, first_s: float = FIRST_S, every_s: float = EVERY_S, *, at: Moment = (0, 0)) -> None:
        self._take, self._first_s, self._every_s = take, first_s, every_s
        self._begun_at: float | None = None
        self._kept_at, self._kept = float("-inf"), at  # of a run that was saved before, how far that was
        self._is_kept_at_rest = True  # else it is handed over once more where it comes to rest without a further update

    def is_due(self, at: Moment, *, is_resting: bool) -> bool:
        """Whether a run that has come so far is to be handed over now."""
        is_known = at == self._kept and (self._is_kept_at_rest or not is_resting)
        if is_known or not at[0]:
            return False
        now = monotonic()
        self._begun_at = self._begun_at or now
        is_worth_it = self._kept[0] > 0 or now - self._begun_at >= self._first_s
        return is_worth_it and (is_resting or now - self._kept_at >= self._every_s)

    def take(self, lanes: tuple[LaneSpec, ...], snapshot: Snapshot, at: Moment) -> None:
        """Hand it over."""
        self._kept_at, self._kept = monotonic(), at
        self._is_kept_at_rest = not snapshot.status.is_live
        self._take(lanes, snapshot)
