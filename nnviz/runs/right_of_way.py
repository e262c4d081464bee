"""Who goes first where a drawing and short updates want the interpreter at once: the drawing, for a moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock

MOST_S = 0.05  # for which training gives way at a time


class RightOfWay:
    """Taken by whoever draws; training gives way between two slices.

    Small networks let go of the interpreter at every operation and take it again at once: whoever draws meanwhile waits
    for it dozens of times, and both take twice as long as one after the other.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._takers = 0
        self._is_free = Event()
        self._is_free.set()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Go first; several may at a time, from any thread or task."""
        with self._lock:
            self._takers += 1
            self._is_free.clear()
        try:
            yield
        finally:
            with self._lock:
                self._takers -= 1
                if not self._takers:
                    self._is_free.set()

    def give(self) -> None:
        """Wait until nobody goes first, but not for long."""
        self._is_free.wait(MOST_S)
