"""What is done one after the other, of what waits meanwhile only the newest. Lives in the loop."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

Word = TypeVar("Word")


class Newest(Generic[Word]):
    """Does something with a word, and then with the newest of those that came meanwhile."""

    def __init__(self, act: Callable[[Word], Awaitable[None]]) -> None:
        self._act = act
        self._waiting: list[Word] = []
        self._task: asyncio.Task[None] | None = None

    def take(self, word: Word) -> None:
        """Do something with a word as soon as what is being done is done."""
        self._waiting = [word]
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())

    async def _work(self) -> None:
        while self._waiting:
            await self._act(self._waiting.pop())
