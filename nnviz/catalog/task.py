"""What a network is asked for: how its targets, its loss and its scores come about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from nnviz.catalog.data import Data
from nnviz.catalog.losses import Loss, fits
from nnviz.catalog.noise import Noise
from nnviz.catalog.training_state import TrainingState

AUXILIARY_SHARE = 0.3  # of each auxiliary classifier's loss (Szegedy et al. 2015, section 5)


@dataclass(frozen=True, slots=True)
class ModelContext:
    """A network with all that is needed to ask it something; `noise` is what it draws from."""

    model: nn.Module
    data: Data
    loss: Loss
    knobs: Mapping[str, Any]  # of the family
    noise: Noise
    training: TrainingState | None = None  # while a network in training is measured; none of one rebuilt from a record

    @property
    def state(self) -> TrainingState:
        """What the last update left; raises RuntimeError for a network that is not in training."""
        if self.training is None:
            raise RuntimeError("this network is not in training")
        return self.training


class UpdateStep(NamedTuple):
    """One step of an update: whose parameters move (a child's name; "": all), and what they make small.

    loss(x, target): a scalar with its graph.  takes: whether it uses a part of the batch up.
    """

    player: str
    loss: Callable[[Tensor, Tensor], Tensor]
    takes: bool = True


@dataclass(frozen=True, slots=True)
class Verdict:
    """How well a network does on some examples.

    answers: class probabilities or predicted numbers, example by example, where there is something to answer.
    scores: further figures by name.
    """

    loss: float
    answers: Tensor | None = None
    accuracy: float | None = None
    scores: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Task:
    """Predict the target of each example: a class, numbers, or the next step at every step of a sequence.

    players: the child module that each optimizer of a spec trains ("": the whole network), by the spec's field.
    figure: what the losses of a record measure, for readers.  chunk: examples evaluated at once.
    is_scored: whether there are answers that can be right or wrong.
    """

    players: Mapping[str, str] = field(default_factory=lambda: {"optimizer": ""})
    metric_name: str = "loss"
    is_scored: bool = True
    chunk: int = 2048

    def losses(self, offered: Mapping[str, Loss], classes: int) -> list[str]:
        """Name the losses that fit data with so many classes (0: a regression)."""
        return [name for name, loss in offered.items() if fits(loss, classes)]

    def outputs(self, data: Data, loss: Loss) -> int:
        """Count the numbers that the network must give."""
        return loss.outputs(data)

    def target(self, x: Tensor, y: Tensor, data: Data, loss: Loss) -> Tensor:
        """Return what the loss compares the network's output with."""
        return loss.target(y, data)

    def batches(self, knobs: Mapping[str, Any]) -> int:
        """Count the batches of one update."""
        return 1

    def turns(self, look: ModelContext) -> tuple[UpdateStep, ...]:
        """List the steps of an update, in order."""
        return (UpdateStep("", lambda x, target: _with_auxiliaries(look.loss, look.model(x), target)),)

    def send(self, look: ModelContext, x: Tensor) -> None:
        """Send examples through every part of the network, so that each layer's outputs can be seen."""
        look.model(x)

    def evaluate(self, look: ModelContext, x: Tensor, y: Tensor, target: Tensor) -> Verdict:
        """Measure the network on examples, chunk by chunk."""
        outputs, total = [], 0.0
        for part, wanted in zip(torch.split(x, self.chunk), torch.split(target, self.chunk), strict=True):
            output = look.model(part)
            total += look.loss.value(output, wanted).item() * len(part)
            outputs.append(output)
        answers = look.loss.answer(torch.cat(outputs))
        return Verdict(total / len(x), answers, _accuracy(answers, y))


def _accuracy(answers: Tensor, y: Tensor) -> float | None:
    if y.is_floating_point():
        return None
    return (answers.argmax(1) == y).float().mean().item()


def _with_auxiliaries(loss: Loss, output: Tensor | tuple[Tensor, ...], target: Tensor) -> Tensor:
    """Add the losses of auxiliary classifiers, where a network in training gives some beside its answer."""
    if isinstance(output, Tensor):
        return loss.value(output, target)
    main, *others = (loss.value(each, target) for each in output)
    for other in others:
        main = main + AUXILIARY_SHARE * other
    return main


PREDICT = Task()
