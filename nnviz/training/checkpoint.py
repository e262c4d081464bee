"""One moment of an experiment, to go on from."""

from dataclasses import dataclass
from typing import Any

from torch import Tensor

from nnviz.records.run import Mark
from nnviz.specs.experiment import Change
from nnviz.training.batches import Place
from nnviz.training.curve import LossCurve


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Everything an experiment needs to go on from one moment, copied.

    optimizers: of the players; {} for one that begins with a fresh memory.  curve: None where it stands elsewhere.
    """

    step: int
    seconds: float
    place: Place
    batch_size: int
    parameters: Tensor
    gradients: Tensor
    before: Tensor
    buffers: dict[str, Tensor]
    optimizers: tuple[dict[str, Any], ...]
    generator: Tensor
    noise: Tensor
    curve: LossCurve | None
    journal: tuple[Change, ...]
    marks: tuple[Mark, ...]
    pending: tuple[Change, ...]
    diverged_at: int | None
    schedule: tuple[tuple[float, ...], ...] = ()  # what one that hears the losses has heard, for each player
    former: Tensor | None = None  # the gradient before the last one, where it was kept
    averages: Tensor | None = None  # of the weights, where there are any
