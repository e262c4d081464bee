"""How long another run waits beside somebody's large network."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from benchmarks.data import point_to_data
from benchmarks.report import Report, percentile
from benchmarks.rounds import rest
from nnviz.catalog.links import read_experiment
from nnviz.runs import pool as pools
from nnviz.runs.pool import Pool
from nnviz.runs.run import Run

HEAVY = {"model": "googlenet", "dataset": "mnist", "batch_size": "4096"}
LIGHT = {"dataset": "digits"}
NEVER_S = 1e6
NOTE = (
    "GoogLeNet on MNIST, whose updates and measurements take seconds, trains on one pool; {count} runs of the digits "
    "are made ready there one after the other. First with a pool whose only thread is never relieved, then with the "
    "pool as it is."
)


def measure(is_quick: bool) -> Report:
    """Compare the pool with one that never goes on while a slice takes long."""
    point_to_data()
    count = 2 if is_quick else 6
    report = Report("Beside a large network", ("until another run is ready", "median, s", "the longest, s"))
    for name, long_s in {"one thread, never relieved": NEVER_S, "nnviz": pools.LONG_S}.items():
        waits = _waits(long_s, count)
        report.add(name, f"{percentile(waits, 0.5):.2f}", f"{max(waits):.2f}")
    report.notes = [NOTE.format(count=count)]
    return report


def _waits(long_s: float, count: int) -> list[float]:
    waits = []
    with _busy(long_s) as pool:
        for _ in range(count):
            start, run = perf_counter(), Run((read_experiment(LIGHT),), pool=pool)
            run.prepare()
            while not run.snapshot(60.0).lanes[0].records:
                rest(0.005)
            waits.append(perf_counter() - start)
            run.stop()
            rest(1.0)
    return waits


@contextmanager
def _busy(long_s: float) -> Iterator[Pool]:
    """Give a pool on which a large network trains."""
    usual, pools.LONG_S = pools.LONG_S, long_s
    pool = Pool()
    heavy = Run((read_experiment(HEAVY),), pool=pool, patience=NEVER_S)
    heavy.start()
    rest(1.0)
    try:
        yield pool
    finally:
        heavy.stop()
        heavy.join(120.0)
        pools.LONG_S = usual
