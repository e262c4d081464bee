"""What one refresh costs the server, in processor time and in bytes."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from benchmarks.client import Viewer, full_speed, link, watch_link
from benchmarks.data import spiral
from benchmarks.report import Report, middle
from benchmarks.server import Server, serving
from benchmarks.watching import close, opened, refreshes
from nnviz.specs.experiment import ExperimentSpec

HZ = 4.0
VIEWERS = (1, 10)
DIGITS = ExperimentSpec(epochs=0)
SPIRAL = spiral("4,2")
NOTE = (
    "Viewers without a browser refresh {hz:g} times a second over the websocket. The run has really trained that long "
    "at full speed, then goes on at 10 updates a second, so that each refresh has something new. Processor time of "
    "the whole server process, less what it takes in the same seconds with the pages open and nobody refreshing; "
    "windows of {seconds:g} s in turn, {rounds} rounds: median (least to most). Bytes as they go over the wire, not "
    "compressed."
)


@dataclass(slots=True)
class Costs:
    """What the refreshes of some viewers took, round by round."""

    cpu_ms: list[float] = field(default_factory=list)
    delays_ms: list[float] = field(default_factory=list)
    bytes: list[float] = field(default_factory=list)


def measure(is_quick: bool) -> Report:
    """Compare 1 viewer with 10, and a short run with a long one."""
    long = 10_000 if is_quick else 1_000_000
    cases = {
        "digits, 64-32-10": (DIGITS, 1000),
        "spiral, 2-4-2-2": (SPIRAL, 1000),
        "spiral, 2-4-2-2 ": (SPIRAL, long),
    }
    seconds, rounds = (3.0, 2) if is_quick else (6.0, 2)
    report = Report("One refresh", ("run", "updates done", "viewers", "server CPU, ms", "kB", "answered in, ms"))
    for name, (spec, updates) in cases.items():
        with serving() as server:
            costs = asyncio.run(_costs(server, spec, updates, seconds, rounds))
        for count, cost in costs.items():
            kilobytes = f"{median(cost.bytes) / 1000:.1f}"
            report.add(
                name, f"{updates:,}", f"{count}", middle(cost.cpu_ms), kilobytes, f"{median(cost.delays_ms):.1f}"
            )
    report.notes = [NOTE.format(hz=HZ, seconds=seconds, rounds=rounds)]
    return report


async def _costs(server: Server, spec: ExperimentSpec, updates: int, seconds: float, rounds: int) -> dict[int, Costs]:
    (owner,) = await opened(server.port, [link(spec)])
    await trained(owner, updates)
    viewers = await opened(server.port, [watch_link(owner)] * max(VIEWERS))
    found = {count: Costs() for count in VIEWERS}
    for _ in range(rounds):
        idle = await _idle_share(server, seconds)
        for count in VIEWERS:
            await _window(server, viewers[:count], idle, seconds, found[count])
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


async def _window(server: Server, viewers: Sequence[Viewer], idle: float, seconds: float, costs: Costs) -> None:
    cpu, size = server.cpu_seconds(), sum(viewer.bytes for viewer in viewers)
    delays = await refreshes(viewers, HZ, seconds)
    cpu = server.cpu_seconds() - cpu - idle * seconds
    size = sum(viewer.bytes for viewer in viewers) - size
    costs.cpu_ms.append(1000 * cpu / len(delays))
    costs.bytes.append(size / len(delays))
    costs.delays_ms.append(1000 * median(delays))
