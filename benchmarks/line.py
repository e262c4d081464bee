"""A board's line without a browser: takes what is pushed, as `static/line.js` does."""

import asyncio
import json
from contextlib import suppress
from time import time
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

IN_WINDOW = 5  # charts that a window shows at a time


class Line:
    """One board that is pushed to; call `open` first, `close` last."""

    def __init__(self, port: int) -> None:
        self._address = f"ws://127.0.0.1:{port}/nnviz/live"
        self._socket: ClientConnection
        self._listening: asyncio.Task[None]
        self.bytes = 0
        self.came: list[tuple[str, float]] = []  # stamps, and when their last byte had come, in seconds since 1970
        self._answer: asyncio.Future[None] | None = None  # of who waits for the charts of an answer
        self._log = b""  # what was turned in the run, as the last charts showed it

    async def open(self, board: dict[str, Any]) -> None:
        """Ask for more of a board that a page has drawn."""
        self._socket = await connect(self._address, compression=None, max_size=None, ping_interval=None)
        have = {card["id"]: card["stamp"] for card in board["charts"]}
        await self._say(want=board["want"], have=have, sight=list(have)[:IN_WINDOW], hidden=False)
        self._listening = asyncio.create_task(self._listen())

    async def close(self) -> None:
        """Leave."""
        self._listening.cancel()
        await self._socket.close()

    async def turn(self, slider: str, text: str) -> float:
        """Turn a live knob as a hand does that holds its slider; return the seconds until its charts had come."""
        self._answer, start = asyncio.get_running_loop().create_future(), time()
        await self._say(knob={"tab": "", "slider": slider, "place": 0, "text": text})
        await asyncio.wait_for(self._answer, 20)
        return time() - start

    async def _listen(self) -> None:
        with suppress(ConnectionClosed):
            while True:
                said = await self._socket.recv()
                at, data = time(), said.encode() if isinstance(said, str) else said
                self.bytes += len(data)
                if len(data) > 2:  # else it only says that the line stands
                    self.came.append((_stamp(data), at))
                    await self._say(drawn=True)
                    self._hear(data)

    def _hear(self, data: bytes) -> None:
        """Note what the charts show as turned; the numbers that come before them are no answer yet."""
        if _stamp(data).endswith(".numbers"):
            return
        before, self._log = self._log, data.partition(b'"log":[')[2].partition(b"]")[0]
        if self._log != before and self._answer is not None and not self._answer.done():
            self._answer.set_result(None)

    async def _say(self, **message: object) -> None:
        await self._socket.send(json.dumps(message))


def _stamp(data: bytes) -> str:
    """Read the stamp without the rest."""
    start = data.index(b'"stamp":"') + len(b'"stamp":"')
    return data[start : data.index(b'"', start)].decode()


def delays_ms(found: list["Line"], drawn_at: dict[str, float]) -> list[float]:
    """Return how long after the server took each drawing up its last byte had come."""
    return [1000 * (at - drawn_at[stamp]) for line in found for stamp, at in line.came if stamp in drawn_at]


async def lines(port: int, board: dict[str, Any], count: int) -> list[Line]:
    """Open so many lines to one board."""
    found = [Line(port) for _ in range(count)]
    for line in found:
        await line.open(board)
    return found


async def leave(found: list[Line]) -> None:
    """Close all of them."""
    await asyncio.gather(*(line.close() for line in found))
