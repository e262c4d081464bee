"""The parameter check, and copies of all numbers of a network."""

import torch
from torch import Tensor

from nnviz.catalog.models import MLP
from nnviz.catalog.task import ModelContext
from nnviz.catalog.training_state import TrainingState
from nnviz.records.readings import Parameter
from nnviz.records.shapes import Floats, Question
from nnviz.training.arrays import numbers

MOST_DRAWN = 32  # units of each layer of a network that is drawn
MOST_EDGES = 250  # of one that is drawn though a layer has more
MOST_FILTERS = 64


def parameters(look: ModelContext, question: Question) -> tuple[Parameter, ...]:
    """Fill the parameter check: one row for each weight and bias."""
    state = look.state
    return tuple(_parameter(state, place) for place in range(len(state.names)))


def _parameter(state: TrainingState, place: int) -> Parameter:
    value, before = state.now[place], state.before[place]
    std, mean = torch.std_mean(value, correction=0)
    size, last = _length(before), _length(value - before)
    return Parameter(
        name=state.names[place],
        shape=tuple(value.shape),
        count=value.numel(),
        first=tuple(value.flatten()[:4].tolist()),
        mean=mean.item(),
        std=std.item(),
        norm=_length(value),
        moved=_length(value - state.start[place]),
        update_ratio=last / size if state.step and size > 0 else None,
        gradient=_length(state.gradient[place]) if state.step else None,
    )


def _length(tensor: Tensor) -> float:
    length: float = torch.linalg.vector_norm(tensor).item()
    return length


def values(look: ModelContext, question: Question) -> tuple[Floats, ...]:
    """Copy all parameters out, in the order of the parameter check."""
    return tuple(map(numbers, look.state.now))


def buffers(look: ModelContext, question: Question) -> tuple[Floats, ...]:
    """Copy out what else the network keeps: running statistics."""
    return tuple(map(numbers, look.model.buffers()))


def weights(look: ModelContext, question: Question) -> tuple[Floats, ...] | None:
    """Copy the weights of each layer of a network that is small enough to be drawn: (out, in)."""
    found = [part.weight.detach() for part in look.state.layers]
    return tuple(map(numbers, found)) if isinstance(look.model, MLP) and _is_drawable(found) else None


def _is_drawable(found: list[Tensor]) -> bool:
    tallest = max(size for weight in found for size in weight.shape)
    return tallest <= MOST_DRAWN or sum(weight.numel() for weight in found) <= MOST_EDGES


def filters(look: ModelContext, question: Question) -> Floats | None:
    """Return the weights of first-layer units as pictures: (units, rows, columns)."""
    if not look.data.picture or not look.data.classes or look.state.answers is None:
        return None
    weight = look.state.layers[0].weight.detach()[:MOST_FILTERS]
    if weight.dim() == 4:  # a convolution's: the mean over the channels that it looks at
        return numbers(weight.mean(1))
    is_whole = weight.shape[1] == look.data.inputs
    return numbers(weight.reshape(-1, *look.data.picture)) if is_whole else None
