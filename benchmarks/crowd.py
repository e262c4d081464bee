"""A class at work: 30 users, each training a small network of their own at full speed."""

import asyncio
from collections.abc import Sequence
from statistics import fmean, median
from time import monotonic

from benchmarks.client import Viewer, full_speed, link
from benchmarks.data import spiral
from benchmarks.line import Line, delays_ms, leave
from benchmarks.report import Report, percentile
from benchmarks.server import Server, serving
from benchmarks.watching import close, opened, refreshes
from nnviz.specs.experiment import ExperimentSpec

COUNT = 30
RATES_HZ = (1.0, 4.0)
TURNED = "answers to a knob"
SLIDER, RATES = "live-sgd-lr", ("0.01", "0.1")
GAP_S = 0.2  # from an answer to the next turn of anybody
NOTE = (
    "Each user trains a spiral, 2-8-8-8-2, batch 10, at full speed and looks without a browser, on the machine of the "
    "server. Pushed: from the moment when the server took a new version up until its last byte had come. Answers to a "
    "knob: one user after the other turns the learning rate; from then until the charts that show it have come. Asked, "
    "as pages did before: from the moment when a refresh was due. Share: the updates of the user who got least over "
    "the mean."
)
COLUMNS = ("refreshes", "for", "ms: median", "95 of 100 within", "got/s", "updates/s, all", "least share", "memory")


def measure(is_quick: bool) -> Report:
    """Measure refreshes, shares and memory."""
    count, seconds = (8, 5.0) if is_quick else (COUNT, 30.0)
    report = Report(f"{count} users with a run each", COLUMNS)
    with serving(NNVIZ_BENCH_STAMPS="1") as server:
        report.rows = asyncio.run(_rows(server, count, seconds))
    report.notes = [NOTE]
    return report


async def _rows(server: Server, count: int, seconds: float) -> list[tuple[str, ...]]:
    users = await opened(server.port, [link(_spec(seed)) for seed in range(count)])
    for user in users:
        await full_speed(user)
    rows = [("pushed", f"{seconds:g} s", *await _pushed(server, users, seconds), f"{server.memory_mb():,.0f} MB")]
    for hz in RATES_HZ:
        await refreshes(users, hz, 2.0)
        cells = await _asked(users, hz, seconds)
        rows.append((f"asked, {hz:g} Hz", f"{seconds:g} s", *cells, f"{server.memory_mb():,.0f} MB"))
    rows.append((TURNED, f"{seconds:g} s", *await _turned(server, users, seconds), f"{server.memory_mb():,.0f} MB"))
    await close(users)
    return rows


def _spec(seed: int) -> ExperimentSpec:
    return spiral("8,8,8").with_(seed=seed)


async def _pushed(server: Server, users: Sequence[Viewer], seconds: float) -> tuple[str, ...]:
    found = [Line(server.port) for _ in users]
    for line, user in zip(found, users, strict=True):
        await line.open(user.board())
    await asyncio.sleep(2.0)
    for line in found:
        line.came.clear()
    before = await _steps(users)
    await asyncio.sleep(seconds)
    done = [step - start for step, start in zip(await _steps(users), before, strict=True)]
    cells = _cells(delays_ms(found, server.drawn_at()), done, seconds)
    await leave(found)
    return cells


async def _turned(server: Server, users: Sequence[Viewer], seconds: float) -> tuple[str, ...]:
    """Let one user after the other turn the learning rate, while all runs go on."""
    found = [Line(server.port) for _ in users]
    for line, user in zip(found, users, strict=True):
        await line.open(user.board())
    await asyncio.sleep(2.0)
    before, end, ms = await _steps(users), monotonic() + seconds, list[float]()
    while monotonic() < end:
        turn = len(ms)
        ms.append(1000 * await found[turn % len(found)].turn(SLIDER, RATES[turn // len(found) % 2]))
        await asyncio.sleep(GAP_S)
    done = [step - start for step, start in zip(await _steps(users), before, strict=True)]
    await leave(found)
    return _cells(ms, done, seconds)


async def _asked(users: Sequence[Viewer], hz: float, seconds: float) -> tuple[str, ...]:
    before = [user.step() for user in users]
    ms = [1000 * delay for delay in await refreshes(users, hz, seconds)]
    return _cells(ms, [user.step() - start for user, start in zip(users, before, strict=True)], seconds)


async def _steps(users: Sequence[Viewer]) -> list[int]:
    for user in users:
        await user.refresh()
    return [user.step() for user in users]


def _cells(ms: list[float], done: list[int], seconds: float) -> tuple[str, ...]:
    return (
        f"{median(ms):.0f}",
        f"{percentile(ms, 0.95):.0f}",
        f"{len(ms) / seconds:.0f}",
        f"{sum(done) / seconds:,.0f}",
        f"{min(done) / fmean(done):.2f}",
    )
