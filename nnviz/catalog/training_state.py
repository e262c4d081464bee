"""What an update leaves of a network in training, for whoever measures it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from torch import Tensor
from torch.optim import Optimizer

from nnviz.catalog.outputs import outputs_of
from nnviz.catalog.parts import Part


@dataclass(frozen=True)
class TrainingState:
    """A network between two updates.

    now, start, before, gradient: a tensor for each parameter, in the order of `names`; `before` the last update.
    send: sends examples through every part of the network.  probe: the test examples that layers are looked at with.
    answers: to all test examples, where there is something to answer and it was asked.
    """

    step: int
    names: Sequence[str]
    now: Sequence[Tensor]
    start: Sequence[Tensor]
    before: Sequence[Tensor]
    gradient: Sequence[Tensor]
    optimizers: Sequence[Optimizer]
    layers: Sequence[Part]
    send: Callable[[Tensor], object]
    probe: Tensor
    answers: Tensor | None = None

    @cached_property
    def outputs(self) -> list[Tensor]:
        """What each layer gives for the probe, after its activation; taken once for all who ask."""
        return outputs_of(self.send, [layer.output for layer in self.layers], self.probe)
