"""A Run inside this process: alone, or watched by a thread."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from benchmarks.rounds import rest, slope
from nnviz.charts import CHARTS
from nnviz.records.run import Snapshot
from nnviz.records.status import Status
from nnviz.runs.lane_spec import LaneSpec
from nnviz.runs.run import Run
from nnviz.specs.experiment import ExperimentSpec
from nnviz.specs.race import RaceSpec
from nnviz.ui.board.payload import encode

SETTLE_S = 1.0
LOOK_S = 0.1


class LiveRun:
    """A run at full speed that trains only within `rate`."""

    def __init__(self, spec: ExperimentSpec | RaceSpec | LaneSpec, refresh_hz: float = 0.0) -> None:
        self.run = _lined_up(spec)
        self.run.prepare()
        self.run.peek(60.0)
        self._refresh_hz = refresh_hz

    def rate(self, seconds: float) -> float:
        """Train for that long and return updates per second."""
        self.run.start()
        with watched(self.run, self._refresh_hz):
            rest(SETTLE_S)
            found = _rate_of(self.run, seconds)
        self.run.pause()
        while self.run.peek().status != Status.PAUSED:
            rest(0.01)
        return found

    def close(self) -> None:
        """End the run and its thread."""
        self.run.stop()
        self.run.join(10.0)


def _lined_up(spec: ExperimentSpec | RaceSpec | LaneSpec) -> Run:
    if isinstance(spec, RaceSpec):
        return Run.of_race(spec, [str(lane) for lane in spec.lanes], patience=1e6)
    return Run([spec], patience=1e6)


def _rate_of(run: Run, seconds: float) -> float:
    moments, steps = [], []
    for _ in range(int(seconds / LOOK_S)):
        rest(LOOK_S)
        moments.append(perf_counter())
        steps.append(run.peek().lanes[0].step)
    return slope(moments, steps)


@contextmanager
def watched(run: Run, refresh_hz: float) -> Iterator[None]:
    """Let a thread draw all charts of the run to bytes at that rate; 0: nobody looks."""
    if not refresh_hz:
        yield
        return
    done = threading.Event()
    thread = threading.Thread(target=_watch, args=(run, refresh_hz, done))
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _watch(run: Run, refresh_hz: float, done: threading.Event) -> None:
    due = perf_counter()
    while not done.wait(max(0.0, due - perf_counter())):
        due = max(due + 1 / refresh_hz, perf_counter())
        drawn(run.snapshot())


def drawn(snapshot: Snapshot) -> bytes:
    """Draw every chart that fits a run, as the page does."""
    return encode({name: chart.draw(snapshot) for name, chart in CHARTS.items() if chart.fits(snapshot)})
