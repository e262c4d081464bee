"""What tests of the lines to the browsers share."""

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from nnviz.runs.pool import Pool
from nnviz.sessions.session import Session
from nnviz.ui.board.drawn import Drawn
from nnviz.ui.board.layout import Layout
from nnviz.ui.board.protocol import Part
from tests.runs import SMALL, wait_for

SOON = 20.0  # seconds after which a wait has failed
LAYOUT = Layout(charts=("loss", "weights"))
Story = Callable[[], Coroutine[Any, Any, None]]


def play(story: Story) -> None:
    """Let a story happen in a thread of its own: a browser that tests have opened keeps a loop in theirs."""
    with ThreadPoolExecutor(1) as stage:
        stage.submit(asyncio.run, asyncio.wait_for(story(), 60)).result()


async def until(condition: Callable[[], object]) -> None:
    """Let others work until the condition holds."""
    async with asyncio.timeout(SOON):
        while not condition():
            await asyncio.sleep(0.005)


async def rest(turns: int = 20) -> None:
    """Let everybody do what there is to do."""
    for _ in range(turns):
        await asyncio.sleep(0.001)


class Pipe:
    """A line that keeps what was sent."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.is_stuck = False

    async def send_bytes(self, data: bytes) -> None:
        while self.is_stuck:
            await asyncio.sleep(0.005)
        self.sent.append(data)

    @property
    def drawings(self) -> list[dict[str, Any]]:
        return [found for data in self.sent if (found := json.loads(data))]


def made(number: int, **stamps: int) -> Drawn:
    """Draw a board whose charts have these stamps."""
    head: Any = {"stamp": str(number)}
    return Drawn(head, [Part(name, stamp, b'{"id":"%s","stamp":%d,"figure":{}}' % (name.encode(), stamp))
                        for name, stamp in stamps.items()])  # fmt: skip


def stamps_of(pipe: Pipe) -> list[str]:
    return [drawing["stamp"] for drawing in pipe.drawings]


def small_session() -> Iterator[Session]:
    pool = Pool()
    session = Session(SMALL, "ann", pool, pace=0.02)
    session.begin(is_started=False)
    assert wait_for(lambda: session.snapshot().scene)
    yield session
    session.close()
    pool.close()
