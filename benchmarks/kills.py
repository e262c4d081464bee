"""What is left of a run whose process is stopped or killed at a moment that nobody has chosen."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

import pandas as pd

from benchmarks.data import ROOT, spiral
from benchmarks.report import Report
from nnviz.library.library import Library
from nnviz.library.saved import Saved
from nnviz.runs.lane_spec import LaneSpec
from nnviz.runs.run import Run
from nnviz.specs.experiment import ExperimentSpec

SPECS = {"digits, 64-32-10": ExperimentSpec(), "spiral, 2-8-8-8-2": spiral("8,8,8")}
STARTED_S = 60.0
HEAD = ("run", "moments", "read", "lost, s: median", "most", "killed", "go on to the same bits")
NOTE = (
    "`python -m nnviz train` at full speed, which saves every 4 s. Moments: the process is stopped at random for as "
    "long as its folder is read, by nnviz with all lanes and moments, and by pandas; lost is the time from what the "
    "folder holds to the stop. Killed: processes ended by SIGKILL, up to 8 s after they have saved for the first time; "
    "the run then goes on for 100 updates and is held against one that was never interrupted, loss by loss."
)


def measure(is_quick: bool) -> Report:
    """Stop and kill small runs."""
    stops, kills = (5, 1) if is_quick else (50, 3)
    report = Report("Runs whose process is killed", HEAD)
    random = Random(1)
    for name, spec in SPECS.items():
        lost = _stopped(spec, stops, random)
        same = [_goes_on_alike(spec, random.uniform(0, 8)) for _ in range(kills)]
        read = f"{len(lost)} of {stops}"
        cells = (str(stops), read, f"{median(lost):.1f}", f"{max(lost):.1f}", str(kills), f"{sum(same)} of {kills}")
        report.add(name, *cells)
    report.notes = [NOTE]
    return report


@contextmanager
def _trainer(spec: ExperimentSpec) -> Iterator[tuple[subprocess.Popen[bytes], Library]]:
    """Train in a process of its own; wait until the run is saved for the first time."""
    with TemporaryDirectory() as folder:
        link = urlencode(spec.with_(epochs=100_000).to_query())
        process = subprocess.Popen(
            [sys.executable, "-m", "nnviz", "train", link],
            cwd=ROOT, env={**os.environ, "NNVIZ_RUNS": folder}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        library, end = Library(Path(folder)), time.monotonic() + STARTED_S
        while not library.all():
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError("the run was never saved")
            time.sleep(0.1)
        try:
            yield process, library
        finally:
            process.kill()
            process.wait()


def _stopped(spec: ExperimentSpec, stops: int, random: Random) -> list[float]:
    """Return the seconds that a kill would have lost, of each moment at which the run could be read."""
    found = []
    with _trainer(spec) as (process, library):
        for _ in range(stops):
            time.sleep(random.uniform(0, 2))
            process.send_signal(signal.SIGSTOP)
            at = datetime.now(UTC)
            (saved,) = library.all()
            if _is_readable(library, saved):
                found.append((at - datetime.fromisoformat(saved.saved)).total_seconds())
            process.send_signal(signal.SIGCONT)
    return found


def _is_readable(library: Library, saved: Saved) -> bool:
    try:
        tables = [pd.read_parquet(file) for file in (library.place / saved.id).rglob("*.parquet")]
        return library.lanes(saved.id)[0].start is not None and all(map(len, tables))
    except (OSError, ValueError):
        return False


def _goes_on_alike(spec: ExperimentSpec, seconds: float) -> bool:
    """Kill a run some seconds after it was saved first; tell whether it then goes on as if nothing had been."""
    with _trainer(spec) as (process, library):
        time.sleep(seconds)
        process.kill()
        process.wait()
        (saved,) = library.all()
        lane = library.lanes(saved.id)[0]
    assert lane.start is not None
    straight = LaneSpec(lane.spec, lane.label, lane.racer, id=lane.id)
    return _losses(lane, 100) == _losses(straight, lane.start.step + 100)


def _losses(lane: LaneSpec, updates: int) -> list[float]:
    """Train so many updates further, and return the losses that the curve then has."""
    run, goal = Run([lane]), updates + (lane.start.step if lane.start else 0)
    try:
        run.step(updates)
        while (found := run.snapshot().lanes[0]).step < goal:
            time.sleep(0.01)
        return [float(loss) for loss in found.curve.losses]
    finally:
        run.stop()
