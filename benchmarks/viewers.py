"""A lecture registry: 200 viewers of one run."""

import asyncio
from collections.abc import Sequence
from statistics import median

from benchmarks.client import Viewer, link, watch_link
from benchmarks.report import Report, percentile
from benchmarks.server import Server, serving
from benchmarks.watching import close, opened, refreshes
from nnviz.specs.experiment import ExperimentSpec

COUNT, HZ = 200, 1.0
SPEEDS = ("10/s", "100/s", "full speed")
NOTE = (
    "Viewers without a browser, {count} of them, each refreshing once a second, on one run of the digits, for "
    "{seconds:g} s at each speed; from the moment when a refresh was due until its last byte. The viewers share the "
    "machine with the server."
)


def measure(is_quick: bool) -> Report:
    """Measure refreshes at several speeds of training."""
    count, seconds = (50, 5.0) if is_quick else (COUNT, 20.0)
    columns = ("speed", "refresh, ms: median", "95 of 100 within", "slowest", "refreshes/s", "server CPU", "MB/s")
    report = Report(f"{count} viewers of one run", columns)
    with serving() as server:
        report.rows = asyncio.run(_rows(server, count, seconds))
    report.notes = [NOTE.format(count=count, seconds=seconds)]
    return report


async def _rows(server: Server, count: int, seconds: float) -> list[tuple[str, ...]]:
    (owner,) = await opened(server.port, [link(ExperimentSpec(epochs=0))])
    await owner.press("Play")
    viewers = await opened(server.port, [watch_link(owner)] * count)
    rows = []
    for speed in SPEEDS:
        await owner.slide("Speed", speed)
        await refreshes(viewers, HZ, 2.0)
        rows.append((speed, *await _window(server, viewers, seconds)))
    await close([owner, *viewers])
    return rows


async def _window(server: Server, viewers: Sequence[Viewer], seconds: float) -> tuple[str, ...]:
    cpu, size = server.cpu_seconds(), sum(viewer.bytes for viewer in viewers)
    delays = [1000 * delay for delay in await refreshes(viewers, HZ, seconds)]
    cpu, size = server.cpu_seconds() - cpu, sum(viewer.bytes for viewer in viewers) - size
    return (
        f"{median(delays):.0f}",
        f"{percentile(delays, 0.95):.0f}",
        f"{max(delays):.0f}",
        f"{len(delays) / seconds:.0f}",
        f"{100 * cpu / seconds:.0f} %",
        f"{size / seconds / 1e6:.1f}",
    )
