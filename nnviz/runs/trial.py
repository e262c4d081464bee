"""Something tried on a copy of a network, in slices beside the runs that people watch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from time import perf_counter
from typing import TypeVar

from nnviz.records.status import Status
from nnviz.records.tried import Tried
from nnviz.runs.errand import Errand
from nnviz.runs.job import failure
from nnviz.runs.pool import Pool
from nnviz.training.copied import Copied
from nnviz.words import messages
from nnviz.words.language import Message, message

Found = TypeVar("Found", bound=Tried)
Steps = Callable[[Copied, Found], Iterator[Found]]  # each a little work, and what is known after it
Then = Callable[[Found], object]


class Trial(Errand[Found]):
    """Pulls steps for as long as somebody looks; the run that was copied knows nothing of it.

    then: is told from the pool's thread what was found, where it came to its end.
    """

    def __init__(
        self, nothing: Found, steps: Steps[Found], *, pool: Pool | None = None, patience: float = 60.0,
        then: Then[Found] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(replace(nothing, status=Status.STARTING), pool, patience)
        self._plan, self._then = steps, then
        self._steps: Iterator[Found] | None = None  # from then on the pool's thread only

    def begin(self, copied: Copied | None) -> None:
        """Begin with a copy, or say that there is none."""
        if copied is None:
            self._show(status=Status.FAILED, message=message(messages.RUN["nothing_to_try"]))
        elif self._steps is None:
            self._steps = self._plan(copied, self._state)
            self._pool.wake(self)

    @property
    def _is_ready(self) -> bool:
        return self._steps is not None

    def _put_away(self) -> None:
        self._steps = None

    def _told(self, error: Exception) -> Message:
        return failure(messages.RUN["trial_ended"], "a trial", error)

    def _work(self, end: float) -> None:
        found: Found | None = None
        for found in self._steps or ():
            if perf_counter() >= end or self._state.status.is_over:
                self._take(found, Status.RUNNING)
                return
        self._take(found or self._state, Status.DONE)
        if self._then is not None and self._state.status == Status.DONE:
            self._then(self._state)

    def _take(self, found: Found, status: Status) -> None:
        with self._lock:
            if not self._state.status.is_over:
                self._state = replace(found, status=status, message=None)
                self._lock.notify_all()
