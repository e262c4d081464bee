"""What an update leaves of a network in training, for whoever measures it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from torch import Tensor
from torch.optim import Optimizer

from nnviz.catalog.outputs import outputs_of
from nnviz.catalog.parts import Part

Loss = Callable[[Tensor, Tensor], Tensor]  # of examples and their targets, a scalar with its graph


@dataclass(frozen=True, slots=True)
class Objective:
    """What an update makes small, where that is one loss: of examples and their targets, with its graph.

    It draws the same noise each time.  batch: of the last update; None where there was none.  examples: fixed ones, of
    those that are trained on.
    """

    loss: Loss
    batch: tuple[Tensor, Tensor] | None
    examples: tuple[Tensor, Tensor]


@dataclass(frozen=True, slots=True)
class Rival:
    """One of several networks that learn against each other.

    own, later: the places of its parameters, and of those that moved after it in an update.  steps: that it does in an
    update.  objective: of its step.  begin: gives its loss once more, with draws that go on from call to call.
    """

    name: str
    own: frozenset[int]
    later: frozenset[int]
    steps: int
    objective: Objective
    begin: Callable[[], Loss]


@dataclass(frozen=True)
class TrainingState:
    """A network between two updates.

    now, start, before, gradient: a tensor for each parameter, in the order of `names`; `before` the last update.
    send: sends examples through every part of the network.  probe: the test examples that layers are looked at with.
    loss: gives the loss of some training examples with its graph; None where several players make theirs small.
    answers: to all test examples, where there is something to answer and it was asked.
    ask: gives those to the first few, where all are not there; None where there is nothing to answer.
    former: the gradient before the last one, where it was kept.  objective: None where several players learn,
    who are rivals then.
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
    former: Sequence[Tensor] | None = None
    objective: Objective | None = None
    rivals: Sequence[Rival] = ()
    loss: Callable[[], Tensor] | None = None
    ask: Callable[[int], Tensor | None] = lambda count: None

    def place(self, part: Part) -> int:
        """Return where a layer's weight stands among the parameters."""
        return self._places[part.weight.data_ptr()]

    @cached_property
    def _places(self) -> dict[int, int]:
        return {value.data_ptr(): place for place, value in enumerate(self.now)}

    @cached_property
    def outputs(self) -> list[Tensor]:
        """What each layer gives for the probe, after its activation; taken once for all who ask."""
        return outputs_of(self.send, [layer.output for layer in self.layers], self.probe)
