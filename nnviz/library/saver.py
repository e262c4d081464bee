"""The thread that writes runs down, the newest state of each; training never waits for a disk."""

import logging
import threading
from contextlib import suppress

from nnviz.library.library import Library
from nnviz.library.saved import Saved
from nnviz.records.run import Snapshot
from nnviz.runs.lane_spec import LaneSpec
from nnviz.words import errors
from nnviz.words.language import Message, message

LOGGER = logging.getLogger("nnviz")

_ROOM_EVERY = 20  # saves after which it is looked whether all have room
Job = tuple[Saved, tuple[LaneSpec, ...], Snapshot]


class Saver:
    """Takes states from any thread and writes them one after the other; where the disk takes none, it says why."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.trouble: Message | None = None  # why the last state could not be written
        self._waiting: dict[str, Job] = {}
        self._change = threading.Condition()
        self._thread: threading.Thread | None = None
        self._is_busy, self._count = False, 0

    def put(self, saved: Saved, lanes: tuple[LaneSpec, ...], snapshot: Snapshot) -> None:
        """Have a state written; an older one of the same run that waits gives way."""
        with self._change:
            self._waiting[saved.id] = saved, lanes, snapshot
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="nnviz-saver", daemon=True)
                self._thread.start()
            self._change.notify_all()

    def flush(self, timeout: float) -> bool:
        """Wait until all is written; return whether that is so."""
        with self._change:
            return self._change.wait_for(lambda: not self._waiting and not self._is_busy, timeout)

    def _work(self) -> None:
        while (job := self._next()) is not None:
            self._write(*job)
            with self._change:
                self._is_busy = False
                self._change.notify_all()

    def _next(self) -> Job | None:
        """Take the state that has waited longest; None when there is none for a while: then the thread ends."""
        with self._change:
            self._change.wait_for(lambda: bool(self._waiting), 1.0)
            if not self._waiting:
                self._thread = None
                return None
            self._is_busy = True
            return self._waiting.pop(next(iter(self._waiting)))

    def _write(self, saved: Saved, lanes: tuple[LaneSpec, ...], snapshot: Snapshot) -> None:
        try:
            self.library.save(saved, lanes, snapshot)
            self.trouble = None
        except OSError as error:
            self.trouble = message(errors.LIBRARY["disk"], place=str(self.library.place), reason=error.strerror)
            LOGGER.warning("a run could not be saved: %s", error)
        except Exception:  # a fault of nnviz itself: the run goes on, unsaved
            LOGGER.exception("a run could not be saved")
        self._count += 1
        if self._count % _ROOM_EVERY == 0:
            with suppress(OSError):
                self.library.make_room()
