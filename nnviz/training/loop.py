"""A training run as a stream of records that its caller pulls."""

from collections.abc import Iterable, Iterator

from nnviz.records.run import Record
from nnviz.specs.experiment import Change, ExperimentSpec
from nnviz.training.experiment import Experiment
from nnviz.training.measure import Observer
from nnviz.words import errors
from nnviz.words.language import message


def train(spec: ExperimentSpec, journal: Iterable[Change] = (), every: int | None = None) -> Iterator[Record]:
    """Train and yield a record of step 0, then one after every `every` updates (None: every epoch) and at the end.

    Blocking and deterministic: equal arguments give bit-equal losses. Endless where `spec.epochs` is 0.
    """
    if every is not None and every < 1:
        raise ValueError(message(errors.NUMBERS["every"], value=every))
    experiment = Experiment(spec)
    observer = Observer(experiment)
    for change in journal:
        experiment.apply(change)
    yield observer.measure()
    while not experiment.is_over:
        experiment.advance(every or updates_left_in_epoch(experiment))
        yield observer.measure()


def updates_left_in_epoch(experiment: Experiment) -> int:
    """Count the updates to the end of the epoch, with the batch sizes that are planned."""
    examples, size = experiment.batches.examples, experiment.batches.batch_size
    left, step = examples - experiment.batches.seen % examples, experiment.step
    for change in experiment.pending:
        if change.target == "batch_size" and (change.step - step) * size < left:
            left -= (change.step - step) * size
            step, size = change.step, experiment.batches_each * int(change.value)
    return step - experiment.step + -(-left // size)
