"""Many viewers refreshing on their own timers, as open pages do."""

import asyncio
import random
from collections.abc import Sequence
from time import perf_counter

from benchmarks.client import Viewer

TIMEOUT_S = 120  # for one refresh


async def refreshes(viewers: Sequence[Viewer], hz: float, seconds: float) -> list[float]:
    """Let every viewer refresh at a rate with a phase of its own; return seconds from due to done of all."""
    found = await asyncio.gather(*(_one(viewer, hz, seconds) for viewer in viewers))
    return [delay for delays in found for delay in delays]


async def _one(viewer: Viewer, hz: float, seconds: float) -> list[float]:
    start = perf_counter()
    due, delays = start + random.random() / hz, []
    while due < start + seconds:
        await asyncio.sleep(max(0.0, due - perf_counter()))
        await asyncio.wait_for(viewer.refresh(), TIMEOUT_S)
        delays.append(perf_counter() - due)  # a refresh that starts late counts from when it was due
        due += 1 / hz
    return delays


async def opened(port: int, queries: Sequence[dict[str, str]]) -> list[Viewer]:
    """Open pages one after the other."""
    viewers = [Viewer(port) for _ in queries]
    for viewer, query in zip(viewers, queries, strict=True):
        await viewer.open(query)
    return viewers


async def close(viewers: Sequence[Viewer]) -> None:
    """Close all pages."""
    await asyncio.gather(*(viewer.close() for viewer in viewers))
