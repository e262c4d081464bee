"""What one refresh costs the server, in processor time and in bytes."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from benchmarks.client import Viewer, full_speed, link, watch_link
from benchmarks.data import spiral
from benchmarks.line import leave, lines
from benchmarks.report import Report, middle
from benchmarks.server import Server, serving
from benchmarks.watching import close, opened, refreshes
from nnviz.specs.experiment import ExperimentSpec

HZ = 4.0
VIEWERS = (1, 10)
DIGITS = ExperimentSpec(epochs=0)
SPIRAL = spiral("4,2")
Found = dict[tuple[int, str], "Costs"]
NOTE = (
    "Viewers without a browser. Pushed: they see five charts and take what the server pushes, up to {hz:g} times a "
    "second. Asked: they ask as often for the page's part, as pages did before and do where nothing can be pushed. "
    "The run has really trained that long at full speed, then goes on at 10 updates a second, so that each refresh "
    "has something new. Processor "
    "time of the whole server process, less what it takes in the same seconds with the pages open and nobody looking; "
    "windows of {seconds:g} s in turn, {rounds} rounds: median (least to most). Bytes as they go over the wire, not "
    "compressed."
)


@dataclass(slots=True)
class Costs:
    """What the refreshes of some viewers took, round by round."""

    cpu_ms: list[float] = field(default_factory=list)
    bytes: list[float] = field(default_factory=list)
    hz: list[float] = field(default_factory=list)


def measure(is_quick: bool) -> Report:
    """Compare 1 viewer with 10, and a short run with a long one."""
    long = 10_000 if is_quick else 1_000_000
    cases = {
        "digits, 64-32-10": (DIGITS, 1000),
        "spiral, 2-4-2-2": (SPIRAL, 1000),
        "spiral, 2-4-2-2 ": (SPIRAL, long),
    }
    seconds, rounds = (3.0, 2) if is_quick else (6.0, 2)
    report = Report("One refresh", ("run", "updates done", "viewers", "", "server CPU, ms", "kB", "a second"))
    for name, (spec, updates) in cases.items():
        with serving() as server:
            costs = asyncio.run(_costs(server, spec, updates, seconds, rounds))
        for (count, way), cost in costs.items():
            kilobytes, hz = f"{median(cost.bytes) / 1000:.1f}", f"{median(cost.hz):.1f}"
            report.add(name, f"{updates:,}", f"{count}", way, middle(cost.cpu_ms), kilobytes, hz)
    report.notes = [NOTE.format(hz=HZ, seconds=seconds, rounds=rounds)]
    return report


async def _costs(server: Server, spec: ExperimentSpec, updates: int, seconds: float, rounds: int) -> Found:
    (owner,) = await opened(server.port, [link(spec)])
    await trained(owner, updates)
    viewers = await opened(server.port, [watch_link(owner)] * max(VIEWERS))
    found = {(count, way): Costs() for way in ("asked", "pushed") for count in VIEWERS}
    for _ in range(rounds):
        idle = await _idle_share(server, seconds)
        for count in VIEWERS:
            await _asked(server, viewers[:count], idle, seconds, found[count, "asked"])
            await _pushed(server, owner, count, idle, seconds, found[count, "pushed"])
    await close([owner, *viewers])
    return found


async def trained(owner: Viewer, updates: int) -> None:
    """Train at full speed for at least that many updates, then slow down to 10 a second."""
    await full_speed(owner)
    while owner.step() < updates:
        await asyncio.sleep(0.25)
        await owner.refresh()
    await owner.slide("Speed", "10/s")


async def _idle_share(server: Server, seconds: float) -> float:
    before = server.cpu_seconds()
    await asyncio.sleep(seconds)
    return (server.cpu_seconds() - before) / seconds


async def _asked(server: Server, viewers: Sequence[Viewer], idle: float, seconds: float, costs: Costs) -> None:
    cpu, size = server.cpu_seconds(), sum(viewer.bytes for viewer in viewers)
    delays = await refreshes(viewers, HZ, seconds)
    size = sum(viewer.bytes for viewer in viewers) - size
    _note(costs, server.cpu_seconds() - cpu - idle * seconds, size, len(delays), seconds * len(viewers))


async def _pushed(server: Server, owner: Viewer, count: int, idle: float, seconds: float, costs: Costs) -> None:
    found = await lines(server.port, owner.board(), count)
    await asyncio.sleep(1.0)  # what comes first is whole
    cpu, size, came = server.cpu_seconds(), sum(line.bytes for line in found), sum(len(line.came) for line in found)
    await asyncio.sleep(seconds)
    cpu, size = server.cpu_seconds() - cpu - idle * seconds, sum(line.bytes for line in found) - size
    _note(costs, cpu, size, sum(len(line.came) for line in found) - came, seconds * count)
    await leave(found)


def _note(costs: Costs, cpu: float, size: int, count: int, seconds: float) -> None:
    costs.cpu_ms.append(1000 * cpu / count)
    costs.bytes.append(size / count)
    costs.hz.append(count / seconds)
