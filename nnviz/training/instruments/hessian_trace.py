"""How sharply the training loss curves in all directions together, layer by layer."""

import math

import torch

from nnviz.catalog.task import ModelContext
from nnviz.records.shapes import LayerNumbers, Question
from nnviz.training.arrays import floats
from nnviz.training.curvature import Hessian, diagonal

MANY, FEW = 30, 6  # random directions
_LARGE = 50_000  # parameters from which on each direction takes a while


def hessian_trace(look: ModelContext, question: Question, draws: int | None = None) -> LayerNumbers | None:
    """Return the trace of the training loss's Hessian, and of its part of each layer's weights.

    None where several players learn, or the loss is lost.
    """
    state = look.state
    if state.loss is None:
        return None
    hessian = Hessian(state.loss, list(look.model.parameters()))
    usual = MANY if hessian.gradient.numel() < _LARGE else FEW
    found = diagonal(hessian, hessian.gradient, draws or usual)
    sums = [part.double().sum().item() for part in torch.split(found, [value.numel() for value in state.now])]
    whole = sum(sums)
    names, places = [part.name for part in state.layers], [state.place(part) for part in state.layers]
    return LayerNumbers(tuple(names), floats([sums[at] for at in places]), whole) if math.isfinite(whole) else None
