"""A class at work: 30 users, each training a small network of their own at full speed."""

import asyncio
from collections.abc import Sequence
from statistics import fmean, median

from benchmarks.client import Viewer, full_speed, link
from benchmarks.data import spiral
from benchmarks.report import Report, percentile
from benchmarks.server import Server, serving
from benchmarks.watching import close, opened, refreshes

COUNT = 30
RATES_HZ = (1.0, 4.0)  # the page itself refreshes at 4 Hz
NOTE = (
    "Each user trains a spiral, 2-8-8-8-2, batch 10, at full speed and refreshes over the websocket without a "
    "browser, on the machine of the server. The page refreshes 4 times a second. Share: the updates of the user who "
    "got least over the mean."
)


def measure(is_quick: bool) -> Report:
    """Measure refreshes, shares and memory."""
    count, seconds = (8, (5.0, 5.0)) if is_quick else (COUNT, (30.0, 120.0))
    columns = ("refreshes", "for", "refresh, ms: median", "95 of 100 within", "updates/s, all", "least share", "memory")
    report = Report(f"{count} users with a run each", columns)
    with serving() as server:
        report.rows = asyncio.run(_rows(server, count, seconds))
    report.notes = [NOTE]
    return report


async def _rows(server: Server, count: int, seconds: Sequence[float]) -> list[tuple[str, ...]]:
    users = await opened(server.port, [link(spiral("8,8,8").with_(seed=seed)) for seed in range(count)])
    for user in users:
        await full_speed(user)
    rows = []
    for hz, window in zip(RATES_HZ, seconds, strict=True):
        await refreshes(users, hz, 2.0)
        rows.append((f"{hz:g} Hz", f"{window:g} s", *await _window(users, hz, window), f"{server.memory_mb():,.0f} MB"))
    await close(users)
    return rows


async def _window(users: Sequence[Viewer], hz: float, seconds: float) -> tuple[str, ...]:
    before = [user.step() for user in users]
    delays = [1000 * delay for delay in await refreshes(users, hz, seconds)]
    done = [user.step() - start for user, start in zip(users, before, strict=True)]
    return (
        f"{median(delays):.0f}",
        f"{percentile(delays, 0.95):.0f}",
        f"{sum(done) / seconds:,.0f}",
        f"{min(done) / fmean(done):.2f}",
    )
