"""The one thread that draws for all stages, in which order, and how much of its time they may take."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from threading import Lock
from time import perf_counter
from typing import TypeVar

Made = TypeVar("Made")
SHARE = 0.5  # of its time: where many stages want drawings, each gets them less often
_FRESH = 0.1  # weight of the newest drawing in the mean


class Artist:
    """Draws one thing after the other, beside the loop, answers first, and knows how long that takes."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "nnviz-artist")
        self._lock = Lock()
        self._waiting: list[tuple[Callable[[], None], Callable[[], bool]]] = []  # in the order of asking
        self._cost_s = 0.0  # of a drawing, of late
        self._stages = 0

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Count in a stage for as long as it plays."""
        self._stages += 1
        try:
            yield
        finally:
            self._stages -= 1

    async def draw(self, make: Callable[[], Made], is_answer: Callable[[], bool] = bool) -> Made:
        """Draw in turn, but before all that nobody waits for; `is_answer` tells whether somebody does, by then."""
        found: Future[Made] = Future()
        with self._lock:
            self._waiting.append((partial(self._fulfil, found, make), is_answer))
        self._thread.submit(self._draw_next)
        return await asyncio.wrap_future(found)

    def _draw_next(self) -> None:
        with self._lock:
            place = next((place for place, (_, is_answer) in enumerate(self._waiting) if is_answer()), 0)
            make, _ = self._waiting.pop(place)
        make()

    def _fulfil(self, found: Future[Made], make: Callable[[], Made]) -> None:
        if not found.set_running_or_notify_cancel():
            return  # nobody looks any more
        try:
            found.set_result(self._timed(make))
        except BaseException as error:
            found.set_exception(error)

    def _timed(self, make: Callable[[], Made]) -> Made:
        start = perf_counter()
        try:
            return make()
        finally:
            self._cost_s += _FRESH * (perf_counter() - start - self._cost_s)

    @property
    def gap(self) -> float:
        """Seconds that a stage leaves between two drawings, so that there is time for all."""
        return self._stages * self._cost_s / SHARE

    def close(self) -> None:
        """Draw no more."""
        self._thread.shutdown()
