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
    """Count the updates to the end of the epoch, with the batch sizes that are planned."""
    examples, size = experiment.batches.examples, experiment.batches.batch_size
    left, step = examples - experiment.batches.seen % examples, experiment.step
    for change in experiment.pending:
        if change.target == "batch_size" and (change.step - step) * size < left:
            left -= (change.step - step) * size
            step, size = change.step, experiment.batches_each * int(change.value)
    return step - experiment.step + -(-left // size)
