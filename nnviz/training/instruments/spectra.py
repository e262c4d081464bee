"""The singular values of each layer's weights: how much it stretches each direction, and how many it uses."""

import numpy as np
import torch
from torch import Tensor

from nnviz.catalog.task import ModelContext
from nnviz.catalog.training_state import TrainingState
from nnviz.records.shapes import Floats, LayerNumbers, Lines, Question
from nnviz.training.arrays import floats
from nnviz.words.language import message
from nnviz.words.readings import SPECTRUM

_POINTS = 24  # of a line
_SMALLEST = 1e-6  # of a layer's largest value: what is below has rounded to nothing


def spectrum(look: ModelContext, question: Question) -> Lines | None:
    """Return each layer's singular values, largest first, over their place from 0 to 100 %."""
    found = {part.name: values for part, values in zip(look.state.layers, _values(look.state), strict=True)}
    if not all(values.isfinite().all() for values in found.values()):
        return None
    x = floats(np.linspace(0, 100, _POINTS))
    y = tuple(_sampled(values.double().cpu().numpy()) for values in found.values())
    return Lines(x, y, tuple(found), message(SPECTRUM["place"]), message(SPECTRUM["value"]), is_log=True)


def _sampled(values: np.ndarray) -> Floats:
    """Read values off at even places between the largest and the smallest; what is as good as 0 is left out."""
    places = np.linspace(0, len(values) - 1, _POINTS)
    read = np.interp(places, np.arange(len(values)), values)
    return floats(np.where(read > _SMALLEST * values[0], read, np.nan))


def effective_rank(look: ModelContext, question: Question) -> LayerNumbers | None:
    """Return how many directions each layer uses: the exponential of its singular values' entropy (Roy 2007)."""
    state = look.state
    return LayerNumbers(tuple(part.name for part in state.layers), floats(map(rank_of, _values(state))))


def rank_of(values: Tensor) -> float:
    """Return exp(H(p)) of p = values / their sum; 0 where all are 0."""
    total = values.double().sum()
    if not total > 0:
        return 0.0
    return float(torch.special.entr(values.double() / total).sum().exp())


def _values(state: TrainingState) -> list[Tensor]:
    """Return the singular values of each layer's weights as a table: (units, all that leads into one)."""
    return [_singular(part.weight.detach().flatten(1)) for part in state.layers]


def _singular(table: Tensor) -> Tensor:
    return torch.linalg.svdvals(table) if table.isfinite().all() else table.new_full((min(table.shape),), torch.nan)
