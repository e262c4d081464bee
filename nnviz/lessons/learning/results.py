"""What the lesson on learning finds."""

from dataclasses import dataclass

from nnviz.records.run import Snapshot
from nnviz.specs.experiment import ExperimentSpec


@dataclass(frozen=True, slots=True)
class Example:
    """One running example, trained for some updates."""

    spec: ExperimentSpec
    snapshot: Snapshot
    examples: int  # to train on
    x: tuple[float, ...]  # of the first of them
    y: float
    parameters: int
    loss_before: float  # on the training examples, untrained
    loss: float  # now
    most_updates: int  # that the lesson goes to
    is_lost: bool  # whether the loss is higher than untrained, or no number
