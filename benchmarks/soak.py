"""Viewers who come and go: what stays of them."""

import asyncio
import random

from benchmarks.client import Viewer, link, watch_link
from benchmarks.line import Line
from benchmarks.report import Report
from benchmarks.server import Server, serving
from benchmarks.watching import close, opened
from nnviz.specs.experiment import ExperimentSpec

COUNT = 50
STAY_S = (5.0, 60.0)
NOTE = (
    "{count} places, on each of which a viewer without a browser opens the page of one run and its line, stays for 5 "
    "to 60 s and leaves, at 10 updates a second. The first row is taken after a minute; the last when all have left. "
    "Streamlit keeps the last 128 sessions for those who come back, each with an event loop of three files."
)


def measure(is_quick: bool) -> Report:
    """Let viewers come and go."""
    count, seconds, parts = (10, 10.0, 2) if is_quick else (COUNT, 600.0, 6)
    report = Report(f"{count} viewers who come and go", ("after", "came", "memory", "threads", "files and sockets"))
    with serving() as server:
        report.rows = asyncio.run(_rows(server, count, seconds, parts))
    report.notes = [NOTE.format(count=count)]
    return report


async def _rows(server: Server, count: int, seconds: float, parts: int) -> list[tuple[str, ...]]:
    (owner,) = await opened(server.port, [link(ExperimentSpec(epochs=0))])
    await owner.slide("Speed", "10/s")
    await owner.press("Play")
    came: list[int] = []
    places = [asyncio.create_task(_place(server, owner, came)) for _ in range(count)]
    await asyncio.sleep(STAY_S[1])
    rows = [_row("at first", came, server)]
    for part in range(parts):
        await asyncio.sleep(seconds)
        rows.append(_row(f"{seconds * (part + 1):g} s", came, server))
    for place in places:
        place.cancel()
    await asyncio.gather(*places, return_exceptions=True)
    await asyncio.sleep(5.0)
    rows.append(_row("all have left", came, server))
    await close([owner])
    return rows


async def _place(server: Server, owner: Viewer, came: list[int]) -> None:
    while True:
        viewer, line = Viewer(server.port), Line(server.port)
        try:
            await viewer.open(watch_link(owner))
            await line.open(viewer.board())
            came.append(1)
            await asyncio.sleep(random.uniform(*STAY_S))
        finally:
            await asyncio.gather(line.close(), viewer.close(), return_exceptions=True)


def _row(after: str, came: list[int], server: Server) -> tuple[str, ...]:
    return after, f"{len(came):,}", f"{server.memory_mb():,.0f} MB", f"{server.threads()}", f"{server.open_files()}"
