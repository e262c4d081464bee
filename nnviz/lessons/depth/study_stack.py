"""A stack of linear layers, multiplied out, beside the one layer that is read off from its answers."""

from itertools import pairwise

import torch
from torch import Generator, Tensor, nn
from torch.nn.utils import skip_init

from nnviz.lessons.depth.results import Collapse
from nnviz.lessons.depth.state import REACH, State
from nnviz.records.run import Doubles

GRID = 9  # lines of each direction


def widths_of(state: State) -> tuple[int, ...]:
    """List the widths from the inputs to the outputs; the middle hidden layer is the narrow one."""
    hidden = [3] * (state.layers - 1)
    hidden[(state.layers - 1) // 2] = state.narrow
    return (2, *hidden, 2)


def study_stack(state: State) -> Collapse:
    """Multiply the stack out, read the one layer off from its answers, and send a grid and two points through both."""
    stack = stack_of(state)
    product, one = multiplied(stack), read_off(stack)
    lines, points = _grid(), torch.tensor(state.points, dtype=torch.float64)
    with torch.no_grad():
        images, answers = stack(lines), stack(points)
    return Collapse(
        widths=widths_of(state),
        layers=tuple((_doubles(layer.weight), _doubles(layer.bias)) for layer in _layers(stack)),
        product=(_doubles(product[0]), _doubles(product[1])),
        one=(_doubles(one[0]), _doubles(one[1])),
        gap=max(float((a - b).abs().max()) for a, b in zip(product, one, strict=True)),
        rank=rank_of(stack, product[0]),
        singular=_doubles(torch.linalg.svdvals(product[0])),
        lines=_doubles(lines),
        images=_doubles(images),
        one_images=_doubles(lines @ one[0].T + one[1]),
        points=_doubles(points),
        answers=_doubles(answers),
    )


def stack_of(state: State) -> nn.Sequential:
    """Build the layers in double precision; their numbers are drawn and rounded to one decimal."""
    generator = Generator().manual_seed(state.numbers)
    return nn.Sequential(*(_layer(before, after, generator) for before, after in pairwise(widths_of(state))))


def _layer(before: int, after: int, generator: Generator) -> nn.Linear:
    # skip_init: the usual constructor would draw from torch's global generator
    layer: nn.Linear = skip_init(nn.Linear, before, after, dtype=torch.float64)  # type: ignore[no-untyped-call]
    weight = torch.randn(after, before, generator=generator, dtype=torch.float64) * before**-0.5
    bias = torch.randn(after, generator=generator, dtype=torch.float64) * 0.3
    with torch.no_grad():
        layer.weight.copy_(weight.round(decimals=1) + 0)  # turns -0 into 0
        layer.bias.copy_(bias.round(decimals=1) + 0)
    return layer


def multiplied(stack: nn.Sequential) -> tuple[Tensor, Tensor]:
    """Return W = W_L ... W_1 and the bias that the same steps carry along."""
    first, *others = _layers(stack)
    weight, bias = first.weight.detach(), first.bias.detach()
    for layer in others:
        weight, bias = layer.weight.detach() @ weight, layer.weight.detach() @ bias + layer.bias.detach()
    return weight, bias


def read_off(stack: nn.Sequential) -> tuple[Tensor, Tensor]:
    """Ask the stack for 0 and for each basis vector: the answers are the one layer's bias and columns."""
    with torch.no_grad():
        bias = stack(torch.zeros(2, dtype=torch.float64))
        columns = stack(torch.eye(2, dtype=torch.float64)) - bias
    return columns.T, bias


def rank_of(stack: nn.Sequential, product: Tensor) -> int:
    """Count the singular values of the product that are more than rounding in the products on the way."""
    sizes = torch.stack([torch.linalg.matrix_norm(layer.weight.detach(), 2) for layer in _layers(stack)])
    rounding = 8 * torch.finfo(torch.float64).eps * sizes.prod()
    return int(torch.linalg.matrix_rank(product, atol=rounding, rtol=0))


def _layers(stack: nn.Sequential) -> list[nn.Linear]:
    return [layer for layer in stack if isinstance(layer, nn.Linear)]


def _grid() -> Tensor:
    """Return (2 * GRID, 2, 2): the ends of straight lines, first those along x2."""
    at = torch.linspace(-REACH, REACH, GRID, dtype=torch.float64)
    ends = torch.tensor([-REACH, REACH], dtype=torch.float64)
    upright = torch.stack(torch.meshgrid(at, ends, indexing="ij"), -1)
    return torch.cat([upright, upright.flip(-1)])


def _doubles(tensor: Tensor) -> Doubles:
    array: Doubles = tensor.detach().numpy().copy()
    array.flags.writeable = False
    return array
