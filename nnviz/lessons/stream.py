"""The training stream for lessons: what a spec has learnt after any number of updates, kept for the next look."""

import threading
from collections import OrderedDict

from nnviz.records import Floats, Lane, Record, Snapshot, Status
from nnviz.spec import ExperimentSpec
from nnviz.training import Checkpoint, Detail, Experiment
from nnviz.training.scene import scene
from nnviz.training.views import numbers

MOST_SPECS = 48
MOST_SNAPSHOTS = 600
FRAMES = 16  # records on the way, of scores alone, so that curves have points
SMALL = 1000  # numbers of a network whose weights and places on the way are kept
KEPT_EVERY = 25  # updates from one kept place to the next

Weights = tuple[tuple[Floats, Floats], ...]  # weight (out, in) and bias (out,) of each layer


class Stream:
    """Trains small specs as far as it is asked and keeps where they stood; from any thread.

    Going back starts from a place kept on the way, for larger networks from the start; asking again costs nothing.
    """

    def __init__(self) -> None:
        self._experiments: OrderedDict[ExperimentSpec, tuple[Experiment, tuple[Record, ...]]] = OrderedDict()
        self._places: dict[ExperimentSpec, list[tuple[Checkpoint, tuple[Record, ...]]]] = {}
        self._moments: OrderedDict[tuple[ExperimentSpec, int], tuple[Snapshot, Weights]] = OrderedDict()
        self._lock = threading.Lock()

    def at(self, spec: ExperimentSpec, updates: int) -> Snapshot:
        """Return a snapshot of a spec trained for some updates, or until it is over."""
        return self._moment(spec, updates)[0]

    def weights_at(self, spec: ExperimentSpec, updates: int) -> Weights:
        """Return the weights and biases of that moment, first layer first; nothing for a network that is not small."""
        return self._moment(spec, updates)[1]

    def _moment(self, spec: ExperimentSpec, updates: int) -> tuple[Snapshot, Weights]:
        with self._lock:
            found = self._moments.pop((spec, updates), None) or self._train(spec, updates)
            self._moments[spec, updates] = found
            while len(self._moments) > MOST_SNAPSHOTS:
                self._moments.popitem(last=False)
            return found

    def _train(self, spec: ExperimentSpec, updates: int) -> tuple[Snapshot, Weights]:
        experiment, records = self._begun(spec, updates)
        stride = max(1, updates // FRAMES)
        while experiment.step < updates and not experiment.is_over:
            experiment.advance(min(stride, updates - experiment.step))
            records = (*records, experiment.measure(Detail.SCORES))
            self._keep_place(experiment, records)
        self._experiments[spec] = (experiment, records)
        while len(self._experiments) > MOST_SPECS:
            self._places.pop(self._experiments.popitem(last=False)[0], None)
        return snapshot_of(experiment, (*records[:-1], experiment.measure())), weights_of(experiment)

    def _keep_place(self, experiment: Experiment, records: tuple[Record, ...]) -> None:
        """Remember where a small network stands, unless a place shortly before is known or a later one."""
        places = self._places.setdefault(experiment.spec, [])
        last = places[-1][0].step if places else 0
        if is_small(experiment) and experiment.step >= last + KEPT_EVERY:
            places.append((experiment.checkpoint(), records))

    def _begun(self, spec: ExperimentSpec, updates: int) -> tuple[Experiment, tuple[Record, ...]]:
        """Return the experiment as far as it was trained; where that is too far, from a place before or afresh."""
        kept = self._experiments.pop(spec, None)
        if kept is not None and kept[0].step <= updates:
            return kept
        before = [place for place in self._places.get(spec, ()) if place[0].step <= updates]
        if kept is not None and before:
            kept[0].restore(before[-1][0])
            return kept[0], before[-1][1]
        fresh = Experiment(spec)
        return fresh, (fresh.measure(Detail.SCORES),)


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
        label=experiment.spec.optimizer.name, spec=experiment.spec, status=status, message="", step=experiment.step,
        epoch=experiment.epoch, seconds=experiment.seconds, curve=experiment.curve.freeze(), records=records,
        marks=(), journal=(), knobs=experiment.knobs,
    )  # fmt: skip
    return Snapshot(
        version=experiment.step, status=status, message="", lanes=(lane,), scene=scene(experiment),
        updates_per_second=0.0, pace=0.0,
    )  # fmt: skip
