"""The training stream for lessons: what a spec has learnt after any number of updates, kept for the next look."""

import threading
from dataclasses import dataclass, field

from cachetools import LRUCache

from nnviz.records.run import Lane, Record, Snapshot
from nnviz.records.shapes import Floats
from nnviz.records.status import Status
from nnviz.specs.experiment import ExperimentSpec
from nnviz.training import Checkpoint, Detail, Experiment, Observer
from nnviz.training.arrays import numbers
from nnviz.training.scene import scene

MOST_SPECS = 48
MOST_SNAPSHOTS = 600
FRAMES = 16  # records on the way, of scores alone, so that curves have points
SMALL = 1000  # numbers of a network whose weights and places on the way are kept
KEPT_EVERY = 10  # updates from one kept place to the next

Weights = tuple[tuple[Floats, Floats], ...]  # weight (out, in) and bias (out,) of each layer


@dataclass(slots=True)
class _Training:
    """A spec as far as it was trained, with places on the way to go back to."""

    observer: Observer
    records: tuple[Record, ...]
    places: list[tuple[Checkpoint, tuple[Record, ...]]] = field(default_factory=list)


class Stream:
    """Trains small specs as far as it is asked and keeps where they stood; from any thread.

    Going back, or on over updates that were done before, starts from the last place that is kept on the way; larger
    networks keep none. Asking again costs nothing.
    """

    def __init__(self) -> None:
        self._trainings: LRUCache[ExperimentSpec, _Training] = LRUCache(MOST_SPECS)
        self._moments: LRUCache[tuple[ExperimentSpec, int], tuple[Snapshot, Weights]] = LRUCache(MOST_SNAPSHOTS)
        self._lock = threading.Lock()

    def at(self, spec: ExperimentSpec, updates: int) -> Snapshot:
        """Return a snapshot of a spec trained for some updates, or until it is over."""
        return self._moment(spec, updates)[0]

    def weights_at(self, spec: ExperimentSpec, updates: int) -> Weights:
        """Return the weights and biases of that moment, first layer first; nothing for a network that is not small."""
        return self._moment(spec, updates)[1]

    def _moment(self, spec: ExperimentSpec, updates: int) -> tuple[Snapshot, Weights]:
        with self._lock:
            found = self._moments.get((spec, updates)) or self._train(spec, updates)
            self._moments[spec, updates] = found
            return found

    def _train(self, spec: ExperimentSpec, updates: int) -> tuple[Snapshot, Weights]:
        training = self._begun(spec, updates)
        observer, experiment = training.observer, training.observer.experiment
        stride = max(1, updates // FRAMES)
        while experiment.step < updates and not experiment.is_over:
            _advance(training, min(stride, updates - experiment.step))
            training.records = (*training.records, observer.measure(Detail.SCORES))
        self._trainings[spec] = training
        before = (record for record in training.records if record.step < experiment.step)
        return snapshot_of(experiment, (*before, observer.measure())), weights_of(experiment)

    def _begun(self, spec: ExperimentSpec, updates: int) -> _Training:
        """Take a training as it stands, from the last place before, or afresh: whichever has least left to do."""
        kept = self._trainings.pop(spec, None)
        places = kept.places if kept is not None else []
        before = [place for place in places if place[0].step <= updates]
        step = kept.observer.experiment.step if kept is not None else 0
        if kept is not None and before and not before[-1][0].step <= step <= updates:
            checkpoint, kept.records = before[-1]
            kept.observer.experiment.restore(checkpoint)
            return kept
        if kept is not None and step <= updates:
            return kept
        fresh = Observer(Experiment(spec))
        return _Training(fresh, (fresh.measure(Detail.SCORES),), places)


def _advance(training: _Training, updates: int) -> None:
    """Train on, and keep places on the way."""
    experiment = training.observer.experiment
    end = experiment.step + updates
    while experiment.step < end and not experiment.is_over:
        experiment.advance(min(KEPT_EVERY, end - experiment.step))
        _keep_place(training)


def _keep_place(training: _Training) -> None:
    """Remember where a small network stands, unless a place shortly before is known or a later one."""
    experiment, places = training.observer.experiment, training.places
    last = places[-1][0].step if places else 0
    if is_small(experiment) and experiment.step >= last + KEPT_EVERY:
        places.append((experiment.checkpoint(), training.records))


def is_small(experiment: Experiment) -> bool:
    """Tell whether a network has so few numbers that copies cost next to nothing."""
    return experiment.flat.parameter.numel() <= SMALL


def weights_of(experiment: Experiment) -> Weights:
    """Copy the weights and biases out of a small network; nothing of another."""
    parts = experiment.layers if is_small(experiment) else []
    return tuple((numbers(part.weight), numbers(part.bias)) for part in parts if part.bias is not None)


def snapshot_of(experiment: Experiment, records: tuple[Record, ...]) -> Snapshot:
    """Return what the charts of a run need, of a training that nobody runs in the background."""
    status = Status.PAUSED if experiment.diverged_at is None else Status.DIVERGED
    lane = Lane(
        label=experiment.spec.optimizer.name, spec=experiment.spec, status=status, message=None, step=experiment.step,
        epoch=experiment.epoch, seconds=experiment.seconds, curve=experiment.curve.freeze(), records=records,
        marks=(), journal=(), knobs=experiment.knobs,
    )  # fmt: skip
    return Snapshot(
        version=experiment.step, status=status, message=None, lanes=(lane,), scene=scene(experiment),
        updates_per_second=0.0, pace=0.0,
    )  # fmt: skip
