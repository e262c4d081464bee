"""The engine room: gives every live run its slice of time, in the background."""

import atexit
import logging
import threading
from collections import deque
from collections.abc import Callable
from itertools import count
from time import monotonic
from typing import Protocol
from weakref import WeakKeyDictionary, WeakSet

from nnviz.runs.threads import LaneThreads
from nnviz.words import messages
from nnviz.words.language import Message, message

LOGGER = logging.getLogger("nnviz")

LONG_S = 0.25  # seconds after which a slice holds up nobody else: another thread goes on with the other runs
MOST_LONG = 2  # runs of long slices that work at a time
HURRY_S = 0.1  # between two slices of a run that are before its turn: the others go on while a hand turns and turns
_MOST_THREADS = 5


class Sliced(Protocol):
    """What the pool drives."""

    def slice(self) -> float | None:
        """Work for about 10 ms; return seconds until the next slice, or None when there is nothing to do."""


class Pool:
    """Drives runs in turn from one thread; where a slice takes long, another one goes on with the other runs.

    The thread that leads takes one slice after the other. A second one stands by while there is anything to relieve
    it from. All are daemons and end when there is nothing to do. At most `max_live` runs train at once; further ones
    wait their turn in the order they came. A run works for `share` of the time, and at once when it is woken, before
    those that only go on: somebody waits for what comes of it.
    """

    def __init__(self, max_live: int = 40, share: float = 1.0) -> None:
        self.max_live = max_live
        self._rest = 1 / share - 1  # seconds for which a run waits after one of work
        self.crew = LaneThreads()
        lock = threading.RLock()
        self._lock = threading.Condition(lock)  # on which the leader waits
        self._standing = threading.Condition(lock)  # on which the one who stands by waits
        self._due: dict[int, tuple[float, int, Sliced]] = {}  # by the run's id
        self._number = count()
        self._live: list[Sliced] = []
        self._queue: deque[Sliced] = deque()
        self._threads: set[threading.Thread] = set()
        self._leader: threading.Thread | None = None
        self._standby: threading.Thread | None = None
        self._began: float | None = None  # when the leader's slice began
        self._in_slice: dict[int, Sliced] = {}
        self._again: set[int] = set()  # asked for while in their slice
        self._hurried: WeakKeyDictionary[Sliced, float] = WeakKeyDictionary()  # when they came before their turn
        self._long: WeakSet[Sliced] = WeakSet()  # whose last slice took long
        self._is_closed = False

    def wake(self, run: Sliced) -> None:
        """Give a run a slice as soon as possible; from any thread."""
        with self._lock:
            if self._is_closed:
                return
            if id(run) in self._in_slice:
                self._again.add(id(run))
            else:
                self._hurry(run)
            self._call_a_thread()
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
        """Stop the threads after their present slices and take no more work."""
        with self._lock:
            self._is_closed = True
            self._lock.notify_all()
            self._standing.notify_all()
            threads = self._threads - {threading.current_thread()}
        end = monotonic() + 2.0
        for thread in threads:
            thread.join(max(0.0, end - monotonic()))

    def _hurry(self, run: Sliced) -> None:
        """Let a run come before those that only go on; one that has just done so keeps its turn."""
        now = monotonic()
        is_next = now - self._hurried.get(run, float("-inf")) >= HURRY_S
        due = 0.0 if is_next else now
        if id(run) not in self._due or due < self._due[id(run)][0]:
            self._push(run, due)
        if is_next:
            self._hurried[run] = now

    def _push(self, run: Sliced, due: float) -> None:
        self._due[id(run)] = due, next(self._number), run

    # ---- done by the threads ----

    def _call_a_thread(self) -> None:
        """Start one where nobody leads, or where nobody stands by beside a slice under way."""
        is_wanted = self._standby is None and (self._leader is None or self._began is not None)
        if is_wanted and self._due and len(self._threads) < _MOST_THREADS:
            if not self._threads:
                atexit.register(self.close)  # a daemon thread inside torch aborts the process at exit
            thread = threading.Thread(target=self._serve, name="nnviz-pool", daemon=True)
            self._threads.add(thread)
            if self._leader is None:
                self._leader = thread
            else:
                self._standby = thread
            thread.start()

    def _serve(self) -> None:
        me = threading.current_thread()
        while (run := self._next(me)) is not None:
            began = monotonic()
            wait = _guarded(run.slice)
            self._done(me, run, wait, monotonic() - began)

    def _next(self, me: threading.Thread) -> Sliced | None:
        """Wait until there is a slice for this thread; None ends it."""
        with self._lock:
            while not self._is_closed and self._may_stay(me):
                if self._leader is not me:
                    self._stand_by(me)
                elif (first := self._first()) is None and not self._due:
                    break
                elif first is None or first[0] > monotonic():
                    self._lock.wait(None if first is None else max(0.0, first[0] - monotonic()))
                else:
                    return self._begin(first[2])
            self._end(me)
        return None

    def _may_stay(self, me: threading.Thread) -> bool:
        """Give the thread a part to play: to lead, or to stand by."""
        if self._leader is None:
            self._leader = me
        if self._leader is me:
            self._standby = None if self._standby is me else self._standby
        elif self._standby is None:
            self._standby = me
        return me in (self._leader, self._standby)

    def _stand_by(self, me: threading.Thread) -> None:
        """Wait, and lead in place of one whose slice takes long."""
        now = monotonic()
        left = LONG_S if self._began is None else self._began + LONG_S - now
        if left > 0:
            self._standing.wait(left)
        else:
            self._leader, self._began = me, None

    def _first(self) -> tuple[float, int, Sliced] | None:
        """Choose whoever is due first; of those whose slices take long only a few at a time."""
        is_full = sum(run in self._long for run in self._in_slice.values()) >= MOST_LONG
        return min((item for item in self._due.values() if not (is_full and item[2] in self._long)), default=None)

    def _begin(self, run: Sliced) -> Sliced:
        del self._due[id(run)]
        self._in_slice[id(run)] = run
        self._began = monotonic()
        if run in self._long:  # that is known before: somebody else leads at once
            self._leader = self._began = None
            self._standing.notify_all()
        self._call_a_thread()
        return run

    def _done(self, me: threading.Thread, run: Sliced, wait: float | None, seconds: float) -> None:
        with self._lock:
            if self._leader is me:
                self._began = None
            del self._in_slice[id(run)]
            (self._long.add if seconds > LONG_S else self._long.discard)(run)
            if id(run) in self._again:
                self._again.discard(id(run))
                self._hurry(run)
            elif wait is not None:
                self._push(run, monotonic() + max(wait, seconds * self._rest))
            if self._leader is not me:
                self._lock.notify_all()

    def _end(self, me: threading.Thread) -> None:
        self._leader = None if self._leader is me else self._leader
        self._standby = None if self._standby is me else self._standby
        self._threads.discard(me)
        self._standing.notify_all()
        if not self._threads:
            atexit.unregister(self.close)
            self.crew.close()


def _guarded(slice_: Callable[[], float | None]) -> float | None:
    try:
        return slice_()
    except Exception:  # a run reports its own failures; whatever gets here must not end the others
        LOGGER.exception("a run failed outside its training")
        return None
