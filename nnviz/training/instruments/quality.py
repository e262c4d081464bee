"""How good the last step was along its own direction, and how much the gradients of examples differ."""

import math
from functools import partial

import torch
from torch import Tensor

from nnviz.catalog.task import ModelContext
from nnviz.catalog.training_state import Objective, Rival
from nnviz.records.shapes import LayerNumbers, Question
from nnviz.training.arrays import floats
from nnviz.training.instruments.rivals import beside, of, of_each
from nnviz.training.instruments.slopes import Slope, as_before, dot, slope

MICRO_BATCHES = 16
_FEWEST = 2  # micro-batches of which something can be told


def alpha(look: ModelContext, question: Question) -> LayerNumbers | None:
    """Return where the last step ended between start (-1), minimum (0) and as far beyond it (1), on its own batch.

    The loss along the step is taken for a parabola through both ends' losses and slopes (Schneider et al. 2021,
    section 2.2, without noise), of the network in evaluation.  None where the step led uphill from the first.  Of
    rivals, of each that does one step in an update, with the others as they stood then.
    """
    state = look.state
    objective = state.objective
    if state.rivals and state.step:
        return of_each(state, partial(_rival_quality, look))
    if objective is None or objective.batch is None or not state.step:
        return None
    update = [now - before for now, before in zip(state.now, state.before, strict=True)]
    end = slope(look, objective.loss, *objective.batch)
    with as_before(state):
        start = slope(look, objective.loss, *objective.batch)
    found = step_quality(start.loss, dot(start.gradient, update), end.loss, dot(end.gradient, update))
    return LayerNumbers((), floats([]), found) if math.isfinite(found) else None


def _rival_quality(look: ModelContext, rival: Rival) -> float:
    state, batch = look.state, rival.objective.batch
    if batch is None or rival.steps != 1:
        return math.nan
    update = [now - before for now, before in zip(of(rival, state.now), of(rival, state.before), strict=True)]
    with beside(state, rival, is_before=False):
        end = slope(look, rival.objective.loss, *batch)
    with beside(state, rival, is_before=True):
        start = slope(look, rival.objective.loss, *batch)
    first, last = (dot(of(rival, each.gradient), update) for each in (start, end))
    return step_quality(start.loss, first, end.loss, last)


def step_quality(start: float, start_slope: float, end: float, end_slope: float) -> float:
    """Fit f(t) = a + bt + ct² by least squares to values and slopes at t = 0 and 1; return 1 / t* - 1, t* its minimum.

    nan where the parabola does not fall from its start.
    """
    # Of rise r, slopes p and q: the normal equations of b = p, b + 2c = q, and b + c = r with half the weight.
    rise = end - start
    table = torch.tensor([[2.5, 2.5], [2.5, 4.5]], dtype=torch.float64)
    right = torch.tensor([start_slope + end_slope + rise / 2, 2 * end_slope + rise / 2], dtype=torch.float64)
    if not right.isfinite().all():
        return math.nan
    slope_, bend = torch.linalg.solve(table, right).tolist()
    return -2 * bend / slope_ - 1 if slope_ < 0 else math.nan


def noise_scale(look: ModelContext, question: Question) -> LayerNumbers | None:
    """Return tr(Σ) / |G|²: the batch size at which the noise of a gradient is as large as the gradient itself.

    After McCandlish et al. 2018, appendix A.1, from micro-batches of fixed training examples, of the network in
    evaluation.  None where the gradient drowns in noise, so that the estimate of its size is not positive.  Of rivals,
    of each by itself: what they draw is part of the noise.
    """
    objective, state = look.state.objective, look.state
    if state.rivals:
        return of_each(state, partial(_rival_noise, look))
    if objective is None:
        return None
    parts = micro_batches(objective)
    if len(parts) < _FEWEST:
        return None
    found = [slope(look, objective.loss, *part) for part in parts]
    scale = simple_noise_scale(found, len(parts[0][0]))
    return LayerNumbers((), floats([]), scale) if math.isfinite(scale) else None


def _rival_noise(look: ModelContext, rival: Rival) -> float:
    parts, loss = micro_batches(rival.objective), rival.begin()
    if len(parts) < _FEWEST:
        return math.nan
    found = [slope(look, loss, *part) for part in parts]
    own = [Slope(each.loss, tuple(of(rival, each.gradient))) for each in found]
    return simple_noise_scale(own, len(parts[0][0]))


def micro_batches(objective: Objective) -> list[tuple[Tensor, Tensor]]:
    """Cut the fixed examples into equal parts; those that are left over are left out."""
    x, target = objective.examples
    size = max(1, len(x) // MICRO_BATCHES)
    pairs = zip(torch.split(x, size), torch.split(target, size), strict=True)
    return [pair for pair in pairs if len(pair[0]) == size][:MICRO_BATCHES]


def simple_noise_scale(found: list[Slope], size: int) -> float:
    """Estimate tr(Σ) / |G|² from the gradients of batches of one size and their mean; nan where |G|² is not positive.

    Both parts are unbiased: E|G_B|² = |G|² + tr(Σ) / B for batches of `size` and of all examples.
    """
    count = len(found)
    small = sum(dot(each.gradient, each.gradient) for each in found) / count
    mean = [torch.stack(parts).mean(0) for parts in zip(*(each.gradient for each in found), strict=True)]
    large = dot(mean, mean)
    signal = (count * large - small) / (count - 1)
    noise = (small - large) * size * count / (count - 1)
    return noise / signal if signal > 0 else math.nan
