"""What the branches of Inception modules carry, and what they cost beside one large filter."""

from functools import lru_cache
from typing import NamedTuple

import torch
from torch import Tensor

from nnviz.catalog.networks.googlenet import GoogLeNet, modules_of
from nnviz.catalog.outputs import outputs_of
from nnviz.catalog.task import ModelContext
from nnviz.records.anatomy import Block
from nnviz.records.shapes import Bars, Question, Words
from nnviz.training.anatomy import anatomy
from nnviz.training.arrays import numbers
from nnviz.words.language import message
from nnviz.words.readings import SHARES

BRANCHES: dict[str, Words] = {
    "branch1": "1×1",
    "branch2": "3×3",
    "branch3": "“5×5”",
    "branch4": message(SHARES["pool"]),
}  # torchvision's names, ours
_PROBED = 256  # test examples
_STAGES = ("early.", "late.")  # how the names of all layers in modules begin


class Cost(NamedTuple):
    """What a part of a network holds, and what it computes for one example."""

    parameters: int
    multiply_adds: int


def branch_shares(look: ModelContext, question: Question) -> Bars | None:
    """Return each branch's mean |output| over test examples, its maps and their places, as a share of all four's.

    It is a mean over maps, so that a branch of many maps is not larger for that alone.
    """
    modules = modules_of(look.model)
    if not modules:
        return None
    branches = [module.get_submodule(name) for module in modules for name in BRANCHES]
    outputs = outputs_of(look.model, branches, look.data.test_x[:_PROBED])
    sizes = torch.stack([output.abs().mean() for output in outputs]).view(len(modules), len(BRANCHES))
    return Bars(
        numbers(_shares(sizes).t()),
        tuple(BRANCHES.values()),
        _names(len(modules)),
        message(SHARES["share"]),
        is_share=True,
    )


def _shares(sizes: Tensor) -> Tensor:
    """Divide each row by its sum; where all is silent no branch carries more than another."""
    sums = sizes.sum(1, keepdim=True)
    return torch.where(sums > 0, sizes / sums, torch.full_like(sizes, 1 / sizes.shape[1]))


def _names(count: int) -> tuple[Words, ...]:
    return tuple(message(SHARES["module"], number=number) for number in range(1, count + 1))


def branch_costs(look: ModelContext, question: Question) -> Bars | None:
    """Return what each branch of all modules costs, in per cent of plain 5x5 convolutions of equal width."""
    if look.data.picture is None:
        return None
    shape = (look.data.picture, look.knobs["width"], look.knobs["blocks"])
    branches, plain = [cost_of(*shape, part=f".{name}.") for name in BRANCHES], cost_of(*shape, is_plain=True)
    costs = torch.tensor([*branches, cost_of(*shape), plain], dtype=torch.float64)
    series = tuple(message(SHARES[part], count=getattr(plain, part)) for part in ("parameters", "multiply_adds"))
    groups = (*BRANCHES.values(), message(SHARES["all"]), message(SHARES["plain"]))
    return Bars(numbers((100 * costs / costs[-1]).t()), series, groups, message(SHARES["of_plain"]))


def cost_of(picture: tuple[int, int], width: int, blocks: int, is_plain: bool = False, part: str = "") -> Cost:
    """Count what the layers in a network's modules cost whose names have that part, as torch runs them."""
    inside = [block for block in _inside(picture, width, blocks, is_plain) if part in block.name]
    return Cost(sum(block.parameters for block in inside), sum(block.multiply_adds for block in inside))


@lru_cache(maxsize=16)  # measured again and again, always the same
def _inside(picture: tuple[int, int], width: int, blocks: int, is_plain: bool) -> tuple[Block, ...]:
    with torch.device("meta"):
        network = GoogLeNet(picture, 1, width, blocks, plain=is_plain)
    found = anatomy(network, picture[0] * picture[1]).blocks
    return tuple(block for block in found if block.name.startswith(_STAGES))
