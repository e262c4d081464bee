"""Work beside the runs that people watch, done in slices for as long as somebody looks."""

from abc import abstractmethod
from dataclasses import replace
from time import perf_counter
from typing import Any, Generic, TypeVar

from nnviz.records.rate_grid import RateGrid
from nnviz.records.status import Status
from nnviz.records.tried import Tried
from nnviz.runs.job import Job
from nnviz.runs.pool import Pool
from nnviz.words.language import Message

SLICE = 0.01  # seconds of work before a run gets its turn
Found = TypeVar("Found", bound=RateGrid | Tried)


class Errand(Job, Generic[Found]):
    """Publishes how far it is as a frozen state, and ends for good when it is done, cancelled or failed.

    It counts as a live run of the pool, and falls asleep when nobody looked for `patience` seconds.
    """

    def __init__(self, state: Found, pool: Pool | None, patience: float) -> None:
        super().__init__(pool, patience)
        self._state = state

    # ---- asked from any thread ----

    def cancel(self) -> None:
        """End it for good, at once for readers; what is known stays."""
        self._show(status=Status.STOPPED)
        self._pool.wake(self)

    def state(self) -> Found:
        """Return a frozen copy of how far it is; this counts as watching and wakes a sleeper."""
        self._watch()
        with self._lock:
            return self._state

    @property
    def _status(self) -> Status:
        return self._state.status

    # ---- done by the pool's thread ----

    @abstractmethod
    def _work(self, end: float) -> None:
        """Work until a moment on the performance counter, and publish what is known then."""

    @abstractmethod
    def _put_away(self) -> None:
        """Let go of what only the work needed."""

    @abstractmethod
    def _told(self, error: Exception) -> Message:
        """Say why it failed."""

    @property
    def _is_ready(self) -> bool:
        """Whether there is anything to work on yet."""
        return True

    def slice(self) -> float | None:
        """Work for about 10 ms; return seconds until the next slice, or None where it rests."""
        try:
            self._slice()
        except Exception as error:
            self._show(status=Status.FAILED, message=self._told(error))
        status = self._state.status
        if status == Status.RUNNING:
            return 0.0
        if status.is_over:
            self._put_away()
        if status != Status.WAITING:
            self._pool.leave(self)
        return None

    def _slice(self) -> None:
        if self._state.status.is_over or not self._is_ready:
            return
        if not self._is_watched:
            self._show(status=Status.ASLEEP)
        elif not self._pool.enter(self):
            self._show(status=Status.WAITING, message=self._pool.message)
        else:
            self._work(perf_counter() + SLICE)

    def _show(self, **changes: Any) -> None:
        """Publish, unless it is over: whoever cancelled has seen the last of it."""
        with self._lock:
            if not self._state.status.is_over:
                self._state = replace(self._state, **changes)
                self._lock.notify_all()
