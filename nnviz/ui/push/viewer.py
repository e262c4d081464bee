"""One browser that looks at a board: what it has, and what is on its way to it."""

import asyncio
import json
from collections.abc import Mapping
from typing import Protocol

from nnviz.ui.board.drawn import Drawn

AHEAD = 1  # drawings on their way beside the one that the browser is busy with
ALIVE_S = 10.0  # after so long a silence a browser is told that the line stands
ALIVE = b"{}"


class Line(Protocol):
    """What carries bytes to a browser."""

    async def send_bytes(self, data: bytes) -> None:
        """Send, and wait while the line is full."""


class Viewer:
    """Sends the newest drawing whenever its browser can take one; an older one is never sent. Lives in the loop."""

    def __init__(self, line: Line) -> None:
        self.have: Mapping[str, int] = {}  # charts that it has, by their stamps
        self.sight: frozenset[str] | None = None  # charts in its window; None where it has not told yet
        self.is_hidden = False
        self.flying = 0  # drawings that it has not told of yet
        self.is_over = False  # whether there is nothing to see any more
        self._line = line
        self._heard = 0  # the last report of its reader that was dealt with, and is not answered by a drawing yet
        self._word = b""  # to be sent behind what is offered
        self._stretch = b""  # of a chart, that its reader has zoomed in on
        self._offered: tuple[Drawn, bool] | None = None
        self._is_news = asyncio.Event()

    @property
    def can_take(self) -> bool:
        """Whether it would be sent something new."""
        return not self.is_hidden and self.flying <= AHEAD

    def offer(self, drawn: Drawn, *, is_answer: bool = False) -> None:
        """Put the newest in the place of what has not been sent yet; an answer does not wait for a busy browser."""
        is_answer = is_answer or (self._offered is not None and self._offered[1])
        self._offered = drawn, is_answer
        self._is_news.set()

    def took(self) -> None:
        """Note that it has drawn what it was sent."""
        self.flying = max(0, self.flying - 1)
        self._is_news.set()

    def show(self, is_hidden: bool) -> None:
        """Note whether anybody can see it."""
        self.is_hidden = is_hidden
        self._is_news.set()

    def hear(self, number: int) -> None:
        """Note that a report was dealt with: the browser makes the next one when it is sent what has come of it."""
        self._heard = number

    def answer(self) -> None:
        """Note that what has come of all reports was offered."""
        if self._heard:
            self.say(heard=self._heard)
            self._heard = 0

    def say(self, **word: int | str) -> None:
        """Send a word that is about no drawing."""
        self._word = json.dumps(word).encode()
        self._is_news.set()

    def show_stretch(self, data: bytes) -> None:
        """Send a stretch of a chart that only this reader looks at so closely; one that has not left gives way."""
        self._stretch = data
        self._is_news.set()

    def end(self) -> None:
        """Note that there is nothing to see any more."""
        self.is_over = True
        self._is_news.set()

    async def serve(self) -> None:
        """Send whatever is offered, until there is nothing more to see or the line breaks."""
        while not self.is_over:
            self._is_news.clear()
            if self._offered is not None and self._may_send(self._offered[1]):
                await self._send(self._offered[0])
            elif self._word:
                await self._tell()
            elif self._stretch:
                data, self._stretch = self._stretch, b""
                await self._line.send_bytes(data)
            elif not await self._news() and not self.is_hidden:
                await self._line.send_bytes(ALIVE)

    def _may_send(self, is_answer: bool) -> bool:
        return not self.is_hidden and self.flying <= AHEAD + is_answer

    async def _send(self, drawn: Drawn) -> None:
        self._offered = None
        self.flying += 1
        data = drawn.message(self.have)
        self.have = drawn.stamps
        await self._line.send_bytes(data)

    async def _tell(self) -> None:
        word, self._word = self._word, b""
        await self._line.send_bytes(word)

    async def _news(self) -> bool:
        try:
            async with asyncio.timeout(ALIVE_S):  # `wait_for` would miss being cancelled together with the news
                await self._is_news.wait()
        except TimeoutError:
            return False
        return True
