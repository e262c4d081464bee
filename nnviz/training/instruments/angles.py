"""In which directions gradients and updates point: cosines of the angles between them, as a whole and by layer."""

import math
from collections.abc import Sequence

from torch import Tensor

from nnviz.catalog.task import ModelContext
from nnviz.catalog.training_state import TrainingState
from nnviz.records.shapes import LayerNumbers, Question
from nnviz.training.arrays import floats
from nnviz.training.instruments.rivals import of, of_each
from nnviz.training.instruments.slopes import dot

_ENOUGH = 2  # updates before which there are no two gradients


def successive_gradients(look: ModelContext, question: Question) -> LayerNumbers | None:
    """Return the cosine between the last two gradients, each of its own batch; of rivals, of each by itself."""
    state = look.state
    former = state.former
    if former is None or state.step < _ENOUGH:
        return None
    if state.rivals:
        return of_each(state, lambda rival: cosine(of(rival, former), of(rival, state.gradient)))
    return _cosines(state, former, state.gradient)


def gradient_update(look: ModelContext, question: Question) -> LayerNumbers | None:
    """Return the cosine between the last gradient and what the update by it added: -1 is straight downhill.

    Of rivals, of each that does one step in an update.
    """
    state = look.state
    if not state.step:
        return None
    updates = [now - before for now, before in zip(state.now, state.before, strict=True)]
    if state.rivals:
        return of_each(
            state,
            lambda rival: cosine(of(rival, state.gradient), of(rival, updates)) if rival.steps == 1 else math.nan,
        )
    return _cosines(state, state.gradient, updates)


def _cosines(state: TrainingState, one: Sequence[Tensor], other: Sequence[Tensor]) -> LayerNumbers | None:
    whole = cosine(one, other)
    if math.isnan(whole):
        return None
    places = [state.place(part) for part in state.layers]
    each = [cosine([one[place]], [other[place]]) for place in places]
    return LayerNumbers(tuple(part.name for part in state.layers), floats(each), whole)


def cosine(one: Sequence[Tensor], other: Sequence[Tensor]) -> float:
    """Return the cosine of the angle between two directions; nan where one of them is no direction."""
    sizes = dot(one, one) * dot(other, other)
    return dot(one, other) / math.sqrt(sizes) if sizes > 0 and math.isfinite(sizes) else math.nan
