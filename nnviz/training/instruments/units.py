"""Units that have stopped telling anything: saturated ones, and those that do the same as another."""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from nnviz.catalog.noise import Noise
from nnviz.catalog.parts import Part
from nnviz.catalog.task import ModelContext
from nnviz.records.shapes import LayerNumbers, Question
from nnviz.training.arrays import floats

# Where activations end that have two ends.
ENDS: Mapping[type[nn.Module], tuple[float, float]] = {
    nn.Sigmoid: (0.0, 1.0),
    nn.Tanh: (-1.0, 1.0),
    nn.Softsign: (-1.0, 1.0),
    nn.Hardsigmoid: (0.0, 1.0),
    nn.Hardtanh: (-1.0, 1.0),
    nn.ReLU6: (0.0, 6.0),
}
NEAR = 0.01  # of the way between the ends; a sigmoid or tanh has less than 4 % of its steepest slope left there
_ALIKE = 1e-6  # of their largest weight, between two units that are the same but for rounding


def saturated_units(look: ModelContext, question: Question) -> LayerNumbers | None:
    """Return which share of each layer's values on the probe lies within 1 % of an end of its activation."""
    state = look.state
    pairs = [pair for pair in zip(state.layers, state.outputs, strict=True) if type(pair[0].output) in ENDS]
    found = [(part, is_near(output, *ENDS[type(part.output)])) for part, output in pairs]
    if not found:
        return None
    return _shares([part for part, _ in found], [near for _, near in found])


def is_near(output: Tensor, low: float, high: float) -> Tensor:
    """Tell of each value whether it lies near one of two ends."""
    room = NEAR * (high - low)
    return (output < low + room) | (output > high - room)


def twin_units(look: ModelContext, question: Question) -> LayerNumbers | None:
    """Return which share of each layer's units has the same incoming weights and bias as another, but for rounding."""
    layers = look.state.layers
    return _shares(layers, [is_twin(_units(look, part)) for part in layers])


def _units(look: ModelContext, part: Part) -> Tensor:
    """Return what leads into each unit: (units, weights and bias)."""
    weight = part.weight.detach()
    if _is_transposed(look.model, part.name):
        weight = weight.transpose(0, 1)
    rows = weight.flatten(1)
    return rows if part.bias is None else torch.cat([rows, part.bias.detach().unsqueeze(1)], 1)


def _is_transposed(model: nn.Module, name: str) -> bool:
    """Tell whether a layer's weights go by its inputs first."""
    return isinstance(dict(model.named_modules()).get(name), nn.modules.conv._ConvTransposeNd)


def is_twin(units: Tensor) -> Tensor:
    """Tell of each unit (row) whether another one is the same but for rounding."""
    order = _in_line(units)
    rows = units[order]
    apart = (rows[1:] - rows[:-1]).abs().amax(1)
    is_like_next = apart <= _ALIKE * torch.maximum(rows[1:].abs().amax(1), rows[:-1].abs().amax(1))
    no = is_like_next.new_zeros(1)
    found = torch.cat([is_like_next, no]) | torch.cat([no, is_like_next])
    return torch.empty_like(found).index_copy_(0, order, found)


def _in_line(units: Tensor) -> Tensor:
    """Order units by where they lie along a random direction: the same ones come to stand beside each other."""
    direction = Noise.fixed().normal(units.shape[1], like=units).double()
    return torch.sort(units.double() @ direction, stable=True).indices


def _shares(parts: Sequence[Part], flags: Sequence[Tensor]) -> LayerNumbers:
    counts = [(int(flag.sum()), flag.numel()) for flag in flags]
    whole = sum(count for count, _ in counts) / sum(size for _, size in counts)
    return LayerNumbers(tuple(part.name for part in parts), floats([count / size for count, size in counts]), whole)
