"""The boards of lessons: what a hand turns or moves there is computed and drawn for its own tab, the newest only."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any

from nnviz.ui.lesson_kit.seat import Answering, Handle
from nnviz.ui.push.viewer import Viewer

LOGGER = logging.getLogger("nnviz")
_THREADS = 4  # a lesson that trains for long holds no other reader up


def answerers() -> Executor:
    """Return the threads that compute and draw for all lessons."""
    return ThreadPoolExecutor(_THREADS, "nnviz-lesson")


class Answers:
    """One browser at one board of a lesson; lives in the loop, and computes in a thread beside it.

    A turned dial changes the state at once, whatever is being computed. What is computed next is the newest state, and
    only when the browser is not behind: one drawing is on its way beside the one that it is busy with.
    """

    def __init__(self, seat: Answering, viewer: Viewer, threads: Executor, at: int | None = None) -> None:
        self._seat, self._viewer, self._threads = seat, viewer, threads
        self._is_due = seat.ask(at, viewer.have)
        self._change = asyncio.Event()
        self._change.set()
        seat.listeners.add(self._hear)
        self._task = asyncio.create_task(self._play())

    def turn(self, name: str, value: Any, number: int) -> None:
        """Turn a dial; what cannot be done is for the page, which can say why."""
        self._do(lambda: self._seat.turn(name, value), number)

    def move(self, handle: Handle, number: int) -> None:
        """Move something on a chart; what cannot be done is for the page likewise."""
        self._do(lambda: self._seat.move(handle), number)

    def _do(self, change: Callable[[], int], number: int) -> None:
        try:
            found = change()
        except ValueError:
            self._viewer.say(heard=number, refused=1)
        except Exception:  # a fault of nnviz itself, which the page meets, too
            LOGGER.exception("what a hand has done could not be taken")
            self._viewer.say(heard=number, refused=1)
        else:
            self._viewer.say(heard=number, at=found)

    def wake(self) -> None:
        """Look whether the browser can take something: it has drawn, or is seen again."""
        self._change.set()

    def leave(self) -> None:
        """Answer no more."""
        self._seat.listeners.discard(self._hear)
        self._task.cancel()

    def _hear(self, study: object) -> None:
        """Take that a dial was turned, here or on a board that shows the same."""
        if study == self._seat.study:
            self._is_due = True
            self._change.set()

    async def _play(self) -> None:
        while True:
            await self._change.wait()
            self._change.clear()
            if self._is_due and self._viewer.can_take:
                self._is_due = False
                await self._answer()

    async def _answer(self) -> None:
        try:
            drawn = await asyncio.get_running_loop().run_in_executor(self._threads, self._seat.drawn)
        except Exception:  # a fault of nnviz itself, which the page meets, too
            LOGGER.exception("a board could not be drawn")
        else:
            if drawn is not None:
                self._viewer.offer(drawn, is_answer=True)
