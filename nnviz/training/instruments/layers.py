"""What each layer holds and gives: distributions, and how many of its units never answer."""

import torch
from torch import Tensor, nn

from nnviz.catalog.parts import Part
from nnviz.catalog.task import ModelContext
from nnviz.catalog.training_state import TrainingState
from nnviz.records.readings import Histogram, Layer
from nnviz.records.shapes import Question, Shares
from nnviz.training.arrays import histogram, numbers


def layers(look: ModelContext, question: Question) -> tuple[Layer, ...]:
    """Describe each layer by the values of its weights, of their last gradient and update, and of its outputs."""
    state = look.state
    return tuple(
        Layer(part.name, histogram(part.weight), _last_gradient(state, part.weight), histogram(output), update)
        for part, output, update in zip(state.layers, state.outputs, _last_updates(state), strict=True)
    )


def _last_updates(state: TrainingState) -> list[Histogram | None]:
    """Describe what the last update added to the weights of each layer."""
    if not state.step:
        return [None] * len(state.layers)
    return [histogram(state.now[at] - state.before[at]) for at in map(state.place, state.layers)]


def _last_gradient(state: TrainingState, weight: Tensor) -> Histogram | None:
    return histogram(weight.grad) if state.step and weight.grad is not None else None


def dead_units(look: ModelContext, question: Question) -> Shares | None:
    """Return which share of each ReLU layer's units gives zero for every example of the probe.

    A unit of a convolution is a map; it is dead where it is zero at every place.
    """
    state = look.state
    found = {part.name: _dead(output) for part, output in zip(state.layers, state.outputs, strict=True) if _cuts(part)}
    return Shares(tuple(found), numbers(torch.tensor(list(found.values())))) if found else None


def _cuts(part: Part) -> bool:
    """Tell whether a layer's activation gives exact zeros."""
    return isinstance(part.output, nn.ReLU)


def _dead(output: Tensor) -> float:
    """Return the share of units, along the second dimension, that are zero everywhere."""
    is_silent = (output == 0).transpose(0, 1).flatten(1).all(1)
    return is_silent.float().mean().item()
