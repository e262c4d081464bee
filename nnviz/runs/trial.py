"""Something tried on a copy of a network, in slices beside the runs that people watch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from time import perf_counter
from typing import Any, Generic, TypeVar

from nnviz.records.status import Status
from nnviz.records.tried import Tried
from nnviz.runs.job import Job, failure
from nnviz.runs.pool import Pool
from nnviz.training.copied import Copied
from nnviz.words import messages
from nnviz.words.language import message

SLICE = 0.01  # seconds of work before a run gets its turn
Found = TypeVar("Found", bound=Tried)
Steps = Callable[[Copied, Found], Iterator[Found]]  # each a little work, and what is known after it


class Trial(Job, Generic[Found]):
    """Pulls steps for as long as somebody looks; the run that was copied knows nothing of it.

    It counts as a live run of the pool, and falls asleep when nobody looked for `patience` seconds.
    """

    def __init__(
        self, nothing: Found, steps: Steps[Found], *, pool: Pool | None = None, patience: float = 60.0
    ) -> None:
        super().__init__(pool, patience)
        self._state: Found = replace(nothing, status=Status.STARTING)
        self._plan = steps
        self._steps: Iterator[Found] | None = None  # from then on the pool's thread only

    # ---- asked from any thread ----

    def begin(self, copied: Copied | None) -> None:
        """Begin with a copy, or say that there is none."""
        if copied is None:
            self._show(status=Status.FAILED, message=message(messages.RUN["nothing_to_try"]))
        elif self._steps is None:
            self._steps = self._plan(copied, self._state)
            self._pool.wake(self)

    def cancel(self) -> None:
        """End it for good, at once for readers."""
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

    def slice(self) -> float | None:
        """Work for about 10 ms; return seconds until the next slice, or None where it rests."""
        try:
            self._slice()
        except Exception as error:
            self._show(status=Status.FAILED, message=failure(messages.RUN["trial_ended"], "a trial", error))
        status = self._state.status
        if status == Status.RUNNING:
            return 0.0
        if status.is_over:
            self._steps = None
        if status != Status.WAITING:
            self._pool.leave(self)
        return None

    def _slice(self) -> None:
        if self._state.status.is_over or self._steps is None:
            return
        if not self._is_watched:
            self._show(status=Status.ASLEEP)
        elif not self._pool.enter(self):
            self._show(status=Status.WAITING, message=self._pool.message)
        else:
            self._work(self._steps, perf_counter() + SLICE)

    def _work(self, steps: Iterator[Found], end: float) -> None:
        found: Found | None = None
        for found in steps:
            if perf_counter() >= end or self._state.status.is_over:
                self._take(found, Status.RUNNING)
                return
        self._take(found or self._state, Status.DONE)

    def _take(self, found: Found, status: Status) -> None:
        with self._lock:
            if not self._state.status.is_over:
                self._state = replace(found, status=status, message=None)
                self._lock.notify_all()

    def _show(self, **changes: Any) -> None:
        """Publish, unless it is over: whoever cancelled has seen the last of it."""
        with self._lock:
            if not self._state.status.is_over:
                self._state = replace(self._state, **changes)
                self._lock.notify_all()
