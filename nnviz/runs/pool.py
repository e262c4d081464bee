"""The engine room: one background thread that gives every live run its slice of time."""

import atexit
import heapq
import logging
import threading
from collections import deque
from collections.abc import Callable
from itertools import count
from time import monotonic
from typing import Protocol

from nnviz.runs.threads import LaneThreads
from nnviz.words import messages
from nnviz.words.language import Message, message

LOGGER = logging.getLogger("nnviz")


class Sliced(Protocol):
    """What the pool drives."""

    def slice(self) -> float | None:
        """Work for about 10 ms; return seconds until the next slice, or None when there is nothing to do."""


class Pool:
    """Drives runs in turn from one daemon thread that ends when there is nothing to do.

    At most `max_live` runs train at once; further ones wait their turn in the order they came.
    """

    def __init__(self, max_live: int = 40) -> None:
        self.max_live = max_live
        self.crew = LaneThreads()
        self._lock = threading.Condition()
        self._due: list[tuple[float, int, Sliced]] = []
        self._known: set[int] = set()  # ids of the runs in _due
        self._number = count()
        self._live: list[Sliced] = []
        self._queue: deque[Sliced] = deque()
        self._thread: threading.Thread | None = None
        self._again: set[int] = set()  # asked for while in their slice
        self._current: Sliced | None = None
        self._is_closed = False

    def wake(self, run: Sliced) -> None:
        """Give a run a slice as soon as possible; from any thread."""
        with self._lock:
            if self._is_closed:
                return
            if run is self._current:
                self._again.add(id(run))
            else:
                self._push(run, monotonic())
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="nnviz-pool", daemon=True)
                atexit.register(self.close)  # a daemon thread inside torch aborts the process at exit
                self._thread.start()
            self._lock.notify_all()

    def enter(self, run: Sliced) -> bool:
        """Ask for a place among the live runs; without one, the run is woken when its turn comes."""
        with self._lock:
            if run in self._live:
                return True
            is_next = not self._queue or self._queue[0] is run
            if len(self._live) < self.max_live and is_next:
                if self._queue:
                    self._queue.popleft()
                self._live.append(run)
                self._call_next()
                return True
            if run not in self._queue:
                self._queue.append(run)
            return False

    def leave(self, run: Sliced) -> None:
        """Give the place up, or the wait for one."""
        with self._lock:
            if run in self._live:
                self._live.remove(run)
            if run in self._queue:
                self._queue.remove(run)
            self._call_next()

    def _call_next(self) -> None:
        """Wake the first in the queue where there is a place; it then calls the one behind it."""
        if self._queue and len(self._live) < self.max_live:
            self.wake(self._queue[0])

    @property
    def message(self) -> Message:
        """What a run that has to wait tells its viewers."""
        return message(messages.RUN["queue"], most=self.max_live)

    @property
    def live(self) -> int:
        """Runs that train now."""
        with self._lock:
            return len(self._live)

    def close(self) -> None:
        """Stop the thread after its present slice and take no more work."""
        with self._lock:
            self._is_closed = True
            self._lock.notify_all()
            thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(2.0)

    def _push(self, run: Sliced, due: float) -> None:
        if id(run) in self._known:
            self._due = [item for item in self._due if item[2] is not run]
            heapq.heapify(self._due)
        self._known.add(id(run))
        heapq.heappush(self._due, (due, next(self._number), run))

    def _next(self) -> Sliced | None:
        """Wait for the next run that is due; None ends the thread."""
        with self._lock:
            while self._due and not self._is_closed:
                due = self._due[0][0]
                now = monotonic()
                if due <= now:
                    self._current = heapq.heappop(self._due)[2]
                    self._known.discard(id(self._current))
                    return self._current
                self._lock.wait(due - now)
            self._thread = None
            atexit.unregister(self.close)
        self.crew.close()
        return None

    def _done(self, run: Sliced, wait: float | None) -> None:
        with self._lock:
            self._current = None
            if id(run) in self._again:
                self._again.discard(id(run))
                wait = 0.0
            if wait is not None:
                self._push(run, monotonic() + wait)

    def _work(self) -> None:
        while (run := self._next()) is not None:
            self._done(run, _guarded(run.slice))


def _guarded(slice_: Callable[[], float | None]) -> float | None:
    try:
        return slice_()
    except Exception:  # a run reports its own failures; whatever gets here must not end the others
        LOGGER.exception("a run failed outside its training")
        return None
