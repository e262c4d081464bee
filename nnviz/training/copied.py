"""An experiment as it was at one moment, to try something with: what becomes of it is nobody else's."""

from __future__ import annotations

from dataclasses import dataclass, replace

from nnviz.specs.experiment import Choice, ExperimentSpec
from nnviz.training.checkpoint import Checkpoint
from nnviz.training.experiment import Experiment
from nnviz.training.origin import Origin


@dataclass(frozen=True, slots=True)
class Copied:
    """Where an experiment began, and where it stood; nothing in it is the experiment's own but what nobody writes to.

    start: None for the beginning.
    """

    spec: ExperimentSpec
    origin: Origin | None = None  # None: drawn anew
    start: Checkpoint | None = None

    @classmethod
    def of(cls, experiment: Experiment, start: Checkpoint | None = None) -> Copied:
        """Copy an experiment as it stands, or as it stood at a checkpoint."""
        return cls(experiment.spec, experiment.origin, start or experiment.checkpoint(with_curve=False))

    def experiment(self) -> Experiment:
        """Build it again, without an end, a schedule or changes planned ahead: what is tried is all that happens."""
        found = Experiment(self.spec.with_(epochs=0, schedule=Choice("constant")), self.origin)
        if self.start is not None:
            found.restore(replace(self.start, pending=(), curve=None, diverged_at=None))
        return found
