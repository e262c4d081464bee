"""A training run as a stream of records that its caller pulls."""

from collections.abc import Iterable, Iterator

from nnviz.records import Record
from nnviz.spec import Change, ExperimentSpec
from nnviz.training.experiment import Experiment


def train(spec: ExperimentSpec, journal: Iterable[Change] = (), every: int | None = None) -> Iterator[Record]:
    """Train and yield a record of step 0, then one after every `every` updates (None: every epoch) and at the end.

    Blocking and deterministic: equal arguments give bit-equal losses. Endless where `spec.epochs` is 0.
    """
    if every is not None and every < 1:
        raise ValueError(f"every must be a number of updates from 1 up, not {every!r}")
    experiment = Experiment(spec)
    for change in journal:
        experiment.apply(change)
    yield experiment.measure()
    while not experiment.is_over:
        experiment.advance(every or updates_left_in_epoch(experiment))
        yield experiment.measure()


def updates_left_in_epoch(experiment: Experiment) -> int:
    """Count the updates to the end of the epoch, at the present batch size."""
    batches = experiment.batches
    left = batches.examples - batches.seen % batches.examples
    return -(-left // batches.batch_size)
