"""The one thread that draws for all stages, and how much of its time they may take."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from time import perf_counter
from typing import TypeVar

Made = TypeVar("Made")
SHARE = 0.5  # of its time: where many stages want drawings, each gets them less often
_FRESH = 0.1  # weight of the newest drawing in the mean


class Artist:
    """Draws one thing after the other, beside the loop, and knows how long that takes."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "nnviz-artist")
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

    async def draw(self, make: Callable[[], Made]) -> Made:
        """Draw when all that was asked for before is drawn."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._timed, make)

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
