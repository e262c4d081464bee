"""Ctrl-C and SIGTERM while a run trains: the first one is noted, a second one ends the program as usual."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interruption:
    """Which signal has come, if any."""

    def __init__(self) -> None:
        self.signal: int | None = None
        self._before = {each: signal.getsignal(each) for each in SIGNALS}

    def begin(self) -> None:
        """Note signals from now on; those that are ignored stay so, as of a job in the background."""
        for each, handler in self._before.items():
            if handler != signal.SIG_IGN:
                signal.signal(each, self._note)

    def end(self) -> None:
        """Leave signals to whoever had them before."""
        for each, handler in self._before.items():
            signal.signal(each, handler if handler is not None else signal.SIG_DFL)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.signal = number
        self.end()


@contextmanager
def interruption() -> Iterator[Interruption]:
    """Note signals while this lasts; in the main thread only."""
    found = Interruption()
    found.begin()
    try:
        yield found
    finally:
        found.end()
