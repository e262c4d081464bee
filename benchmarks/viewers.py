"""A lecture hall: 300 viewers of one run, pushed to; and 200 who ask, as pages did before."""

import asyncio
from collections.abc import Sequence
from statistics import median

from benchmarks.client import Viewer, link, watch_link
from benchmarks.line import Line, delays_ms, leave, lines
from benchmarks.report import Report, percentile
from benchmarks.server import Server, serving
from benchmarks.watching import close, opened, refreshes
from nnviz.specs.experiment import ExperimentSpec

PUSHED, ASKING, HZ = 300, 200, 1.0
SPEEDS = ("10/s", "30/s", "100/s", "full speed")
NOTE = (
    "Viewers without a browser on one run of the digits, for {seconds:g} s at each speed; they share the machine with "
    "the server. Pushed: from the moment when the server took a new version up until its last byte had come. Asked: "
    "once a second, from the moment when a refresh was due. Training: updates a second, and its ratio to what the run "
    "does at that speed while nobody looks."
)
COLUMNS = (
    "viewers", "speed", "ms: median", "95 of 100 within", "slowest", "got/s", "server CPU", "MB/s", "training",
)  # fmt: skip


def measure(is_quick: bool) -> Report:
    """Measure at several speeds of training."""
    pushed, asking, seconds = (50, 20, 4.0) if is_quick else (PUSHED, ASKING, 15.0)
    report = Report(f"{pushed} viewers of one run", COLUMNS)
    with serving(NNVIZ_BENCH_STAMPS="1") as server:
        report.rows = asyncio.run(_rows(server, pushed, asking, seconds))
    report.notes = [NOTE.format(seconds=seconds)]
    return report


async def _rows(server: Server, pushed: int, asking: int, seconds: float) -> list[tuple[str, ...]]:
    (owner,) = await opened(server.port, [link(ExperimentSpec(epochs=0))])
    await owner.press("Play")
    rows, alone = [], {}
    for speed in SPEEDS:
        await owner.slide("Speed", speed)
        alone[speed] = await _updates(owner, seconds / 2)
        found = await lines(server.port, owner.board(), pushed)
        await asyncio.sleep(2.0)
        rows.append((f"{pushed} pushed", speed, *await _pushed(server, owner, found, seconds, alone[speed])))
        await leave(found)
    viewers = await opened(server.port, [watch_link(owner)] * asking)
    for speed in SPEEDS:
        await owner.slide("Speed", speed)
        await refreshes(viewers, HZ, 2.0)
        rows.append((f"{asking} asking", speed, *await _asked(server, owner, viewers, seconds, alone[speed])))
    await close([owner, *viewers])
    return rows


async def _updates(owner: Viewer, seconds: float) -> float:
    """Let time pass, and return the updates a second meanwhile."""
    await owner.refresh()
    before, start = owner.step(), asyncio.get_running_loop().time()
    await asyncio.sleep(seconds)
    await owner.refresh()
    return (owner.step() - before) / (asyncio.get_running_loop().time() - start)


async def _pushed(
    server: Server, owner: Viewer, found: Sequence[Line], seconds: float, alone: float
) -> tuple[str, ...]:
    for line in found:
        line.came.clear()
    cpu, size = server.cpu_seconds(), sum(line.bytes for line in found)
    rate = await _updates(owner, seconds)
    cpu, size = server.cpu_seconds() - cpu, sum(line.bytes for line in found) - size
    return _cells(delays_ms(list(found), server.drawn_at()), cpu / seconds, size / seconds, seconds, rate, alone)


async def _asked(
    server: Server, owner: Viewer, viewers: Sequence[Viewer], seconds: float, alone: float
) -> tuple[str, ...]:
    cpu, size = server.cpu_seconds(), sum(viewer.bytes for viewer in viewers)
    rate, delays = await asyncio.gather(_updates(owner, seconds), refreshes(viewers, HZ, seconds))
    cpu, size = server.cpu_seconds() - cpu, sum(viewer.bytes for viewer in viewers) - size
    ms = [1000 * delay for delay in delays]
    return _cells(ms, cpu / seconds, size / seconds, seconds, rate, alone)


def _cells(ms: list[float], cpu: float, bytes_s: float, seconds: float, rate: float, alone: float) -> tuple[str, ...]:
    return (
        f"{median(ms):.0f}",
        f"{percentile(ms, 0.95):.0f}",
        f"{max(ms):.0f}",
        f"{len(ms) / seconds:.0f}",
        f"{100 * cpu:.0f} %",
        f"{bytes_s / 1e6:.1f}",
        f"{rate:,.0f} ({rate / alone:.2f})",
    )
