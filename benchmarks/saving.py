"""What it costs to save a run as it goes, and how long it takes to open a saved one."""

from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.data import point_to_data, spiral
from benchmarks.report import Report, middle
from benchmarks.rounds import interleaved, ratios
from benchmarks.runs import LiveRun
from nnviz.library.heads import size_of
from nnviz.runs.lane_spec import LaneSpec
from nnviz.runs.run import Run
from nnviz.sessions.environment import Environment
from nnviz.sessions.registry import SessionRegistry
from nnviz.sessions.session import Session
from nnviz.specs.experiment import Choice, ExperimentSpec

MNIST = ExperimentSpec(
    dataset=Choice("mnist"), model=Choice.of("mlp", hidden="256"), optimizer=Choice("adam"), batch_size=64, epochs=0
)
SPECS = {
    "digits, 64-32-10": ExperimentSpec(epochs=0),
    "MNIST, 784-256-10": MNIST,
    "spiral, 2-8-8-8-2": spiral("8,8,8"),
}
NOTE = (
    "Runs at full speed without a page that keep their moments, saved every 4 s by a thread of its own, in turn with "
    "the same run that keeps none and is not saved for {seconds:g} s each, {rounds} rounds: the ratio of updates per "
    "second, unsaved to saved, round by round: median "
    "(least to most). Size: the folder after that. Opening: from its name to a run that has been built and shows all "
    "charts' numbers, the middle of five."
)
HEAD = ("run", "updates/s", "unsaved / saved", "size, MB", "to open, s")


def measure(is_quick: bool) -> Report:
    """Compare runs that are saved with runs that are not."""
    point_to_data()
    seconds, rounds = (4.5, 1) if is_quick else (10.0, 4)
    report = Report("Saving runs", HEAD)
    for name, spec in SPECS.items():
        with TemporaryDirectory() as folder:
            report.add(name, *_cells(spec, Path(folder), seconds, rounds))
    report.notes = [NOTE.format(seconds=seconds, rounds=rounds)]
    return report


def _cells(spec: ExperimentSpec, folder: Path, seconds: float, rounds: int) -> tuple[str, ...]:
    registry = SessionRegistry(Environment(runs=str(folder), patience=1e6))
    session = registry.open(Session, spec, "somebody")
    saved, plain = LiveRun(LaneSpec(spec, "Run", 0, id="0", is_stored=True)), LiveRun(spec)
    assert isinstance(session.run, Run)
    saved.run.keeper = session.run.keeper
    found = interleaved({"saved": partial(saved.rate, seconds), "plain": partial(plain.rate, seconds)}, rounds)
    assert registry.saver is not None
    registry.saver.flush(20)
    (head,) = registry.saver.library.of("somebody")
    opening = [_opening(folder, head.id) for _ in range(5)]
    for part in (saved, plain):
        part.close()
    registry.close()
    cost = middle(ratios(found["plain"], found["saved"]))
    return f"{median(found['saved']):,.0f}", cost, f"{size_of(folder) / 1e6:.1f}", f"{median(opening):.2f}"


def _opening(folder: Path, name: str) -> float:
    """Open a saved run as another server does."""
    registry = SessionRegistry(Environment(runs=str(folder)))
    start = perf_counter()
    session = registry.reopen(name)
    if session is None:
        raise RuntimeError(f"{name} is not there")
    while session.snapshot().scene is None:
        pass
    took = perf_counter() - start
    registry.close()
    return took
