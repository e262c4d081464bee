"""The training stream for lessons: what a spec has learnt after any number of updates, kept for the next look."""

import threading
from collections import OrderedDict

from nnviz.records import Lane, Record, Snapshot, Status
from nnviz.spec import ExperimentSpec
from nnviz.training import Experiment
from nnviz.training.scene import scene

MOST_SPECS = 48
MOST_SNAPSHOTS = 600
FRAMES = 24  # records on the way, so that curves have points


class Stream:
    """Trains small specs as far as it is asked and keeps where they stood; from any thread.

    Going back costs a training from the start; asking again costs nothing.
    """

    def __init__(self) -> None:
        self._experiments: OrderedDict[ExperimentSpec, tuple[Experiment, tuple[Record, ...]]] = OrderedDict()
        self._snapshots: OrderedDict[tuple[ExperimentSpec, int], Snapshot] = OrderedDict()
        self._lock = threading.Lock()

    def at(self, spec: ExperimentSpec, updates: int) -> Snapshot:
        """Return a snapshot of a spec trained for some updates, or until it is over."""
        with self._lock:
            found = self._snapshots.pop((spec, updates), None) or self._train(spec, updates)
            self._snapshots[spec, updates] = found
            while len(self._snapshots) > MOST_SNAPSHOTS:
                self._snapshots.popitem(last=False)
            return found

    def _train(self, spec: ExperimentSpec, updates: int) -> Snapshot:
        experiment, records = self._begun(spec, updates)
        stride = max(1, updates // FRAMES)
        while experiment.step < updates and not experiment.is_over:
            experiment.advance(min(stride, updates - experiment.step))
            records = (*(record.without_views() for record in records), experiment.measure())
        self._experiments[spec] = (experiment, records)
        while len(self._experiments) > MOST_SPECS:
            self._experiments.popitem(last=False)
        return snapshot_of(experiment, records)

    def _begun(self, spec: ExperimentSpec, updates: int) -> tuple[Experiment, tuple[Record, ...]]:
        """Return the experiment as far as it was trained, or a fresh one where it has gone too far."""
        kept = self._experiments.pop(spec, None)
        if kept is not None and kept[0].step <= updates:
            return kept
        fresh = Experiment(spec)
        return fresh, (fresh.measure(),)


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
