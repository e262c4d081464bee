"""What a pool drives in short slices while anybody may watch."""

import logging
import math
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from time import monotonic

from nnviz.records.status import Status
from nnviz.runs.pool import Pool
from nnviz.runs.source import Listener
from nnviz.words.language import Message, Text, message, message_of

LOGGER = logging.getLogger("nnviz")


class Job(ABC):
    """Work in slices on a pool's thread (its own if none is given); it sleeps when unwatched for `patience` seconds."""

    def __init__(self, pool: Pool | None, patience: float) -> None:
        self.patience = patience
        self._pool = pool or Pool()
        self._lock = threading.Condition()  # notified whenever what is shown has changed
        self._watched_at = monotonic()
        self._listeners: tuple[Listener, ...] = ()

    @property
    def pool(self) -> Pool:
        """Who drives it."""
        return self._pool

    @property
    @abstractmethod
    def _status(self) -> Status:
        """Where it stands, as shown."""

    def _wake(self) -> None:
        """Ask for a slice."""
        self._pool.wake(self)

    @abstractmethod
    def slice(self) -> float | None:
        """Work for about 10 ms; return seconds until the next slice, or None where it rests."""

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Have a listener called from the pool's thread after each new snapshot; return what ends that."""
        with self._lock:
            self._listeners += (listener,)
        return lambda: self._unsubscribe(listener)

    def _unsubscribe(self, listener: Listener) -> None:
        with self._lock:
            self._listeners = tuple(each for each in self._listeners if each != listener)

    def _tell(self, is_answer: bool) -> None:
        for listener in self._listeners:
            listener(is_answer)

    @property
    def watched_at(self) -> float:
        """When somebody last looked, on the monotonic clock."""
        return self._watched_at

    @property
    def _is_watched(self) -> bool:
        return monotonic() - self._watched_at <= self.patience

    def _watch(self) -> None:
        """Note that somebody looks, which wakes a sleeper."""
        self._watched_at = monotonic()
        if self._status == Status.ASLEEP:
            self._wake()

    def join(self, timeout: float | None = None) -> bool:
        """Wait, watching, until no further work can come; return whether that is so."""
        end = monotonic() + timeout if timeout is not None else math.inf
        while True:
            self._watch()
            with self._lock:
                if self._lock.wait_for(lambda: self._status.is_over, max(0.0, min(1.0, end - monotonic()))):
                    return True
            if monotonic() >= end:
                return False


def failure(text: Text, name: str, error: Exception) -> Message:
    """Tell why something ended, by a text with places for what is no refusal; that goes to the log, too."""
    if isinstance(error, ValueError):
        return message_of(error)
    LOGGER.error("%s failed", name, exc_info=error)
    first = str(error).partition("\n")[0]
    return message(text, kind=type(error).__name__, reason=first)
