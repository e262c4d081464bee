"""What a network answers over its inputs, where they are few enough to be drawn: a field, or a fitted curve."""

import torch
from torch import Tensor

from nnviz.catalog.data import Data
from nnviz.catalog.outputs import outputs_of
from nnviz.catalog.task import ModelContext
from nnviz.records.readings import Field, Fit
from nnviz.records.shapes import Floats, Question
from nnviz.training.arrays import numbers

GRID = 48  # rows and columns of a field
HIDDEN_GRID = 24
MOST_HIDDEN = 16  # units drawn for each hidden layer
LINE = 200  # points of a curve


def field(look: ModelContext, question: Question) -> Field | None:
    """Return the answer over the plane of two inputs, and each hidden unit's."""
    if look.data.inputs != 2 or look.state.answers is None:
        return None
    low, high = even_ends(*input_range(look.data))
    outputs = [part.output for part in look.state.layers]
    *hidden, last = outputs_of(look.model, outputs, _plane(low, high))
    answer = look.loss.answer(last)
    (x0, y0), (x1, y1) = low.tolist(), high.tolist()
    coarse = slice(None, None, GRID // HIDDEN_GRID)
    return Field(
        (x0, x1),
        (y0, y1),
        _maps(answer[:, 1:] if answer.shape[1] == 2 else answer),
        tuple(_maps(layer[:, :MOST_HIDDEN])[:, coarse, coarse] for layer in hidden),
    )


def fit(look: ModelContext, question: Question) -> Fit | None:
    """Return the fitted curve of a regression of one input."""
    if look.data.inputs != 1 or look.data.classes or look.state.answers is None:
        return None
    low, high = input_range(look.data)
    line = torch.linspace(0, 1, LINE, device=low.device).unsqueeze(1) * (high - low) + low
    output, sigma = look.model(line), look.loss.sigma
    mean = look.loss.answer(output)[:, 0]
    return Fit(numbers(line[:, 0]), numbers(mean), None if sigma is None else numbers(sigma(output)[:, 0]))


def input_range(data: Data, share: float = 0.1) -> tuple[Tensor, Tensor]:
    """Return the smallest and largest of each of a few inputs with some room around."""
    inputs = torch.cat([data.train_x[:5000], data.test_x[:5000]])[:5000]
    low, high = inputs.aminmax(dim=0)
    room = (high - low).clamp_min(1e-3) * share
    return low - room, high + room


def even_ends(low: Tensor, high: Tensor) -> tuple[Tensor, Tensor]:
    """Move the ends of a plane outwards to even numbers, by two tenths of it at most; nearly the same ends become so.

    Other noise then rarely has other axes.
    """
    tenth = (high - low).double() / 10
    power = 10 ** tenth.log10().floor()
    step = power * torch.where(tenth >= 5 * power, 5, torch.where(tenth >= 2 * power, 2, 1))
    least, most = (low / step).floor(), (high / step).ceil()
    far = torch.maximum(-least, most)
    is_even = (least + most).abs() <= 2
    ends = torch.where(is_even, -far, least) * step, torch.where(is_even, far, most) * step
    return ends[0].to(low.dtype), ends[1].to(low.dtype)


def _plane(low: Tensor, high: Tensor) -> Tensor:
    """Return (GRID * GRID, 2) inputs, rows bottom to top."""
    steps = torch.linspace(0, 1, GRID, device=low.device).unsqueeze(1) * (high - low) + low
    return torch.cartesian_prod(steps[:, 1], steps[:, 0]).flip(1)


def _maps(values: Tensor) -> Floats:
    """Turn (GRID * GRID, n) into (n, GRID, GRID)."""
    return numbers(values.t().reshape(-1, GRID, GRID))
