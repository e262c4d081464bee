"""What convolutions have learnt: the filters that look at a picture itself, and what each stage makes of one."""

import math
from typing import cast

import torch
from torch import Tensor
from torch.nn import functional as F

from nnviz.catalog.networks.alexnet import AlexNet
from nnviz.catalog.outputs import outputs_of
from nnviz.catalog.task import ModelContext
from nnviz.records.shapes import Question, Sheet
from nnviz.training.arrays import numbers
from nnviz.training.instruments.instrument import place_of
from nnviz.words.language import message
from nnviz.words.readings import PICTURES

_NAMES = (message(PICTURES["first"]), *(message(PICTURES["conv"], number=number) for number in (2, 3)))
_FILTERS = 32
_MAPS = 8  # of each stage


def first_filters(look: ModelContext, question: Question) -> Sheet | None:
    """Return the weights of the first convolution, a small picture for each filter."""
    weights = cast(AlexNet, look.model).first.weight
    shown = numbers(weights[:_FILTERS, 0])
    return Sheet(shown, math.ceil(math.sqrt(len(shown))), is_signed=True)


def feature_maps(look: ModelContext, question: Question) -> Sheet | None:
    """Return one test picture and the first maps of each stage after its activation, a line for each stage.

    A stage's maps share one scale, from its smallest number to its largest; smaller maps are enlarged.
    """
    net = cast(AlexNet, look.model)
    place = place_of(look, question)
    x = look.data.test_x[place : place + 1]
    stages = [_scaled(maps[0, :_MAPS]) for maps in outputs_of(net, net.activations, x)]
    picture = _scaled(x.view(1, *net.picture))
    lines = [torch.cat([picture, stages[0][: _MAPS - 1]]), *stages[1:]]
    images = torch.cat([_enlarged(_full(line), net.picture) for line in lines])
    return Sheet(numbers(images), _MAPS, lines=_NAMES)


def _scaled(maps: Tensor) -> Tensor:
    """Spread numbers from 0 to 1."""
    low, high = maps.aminmax()
    return (maps - low) / (high - low).clamp(min=torch.finfo(maps.dtype).tiny)


def _full(line: Tensor) -> Tensor:
    """Fill a line that has too few maps with black ones."""
    return F.pad(line, (0, 0, 0, 0, 0, _MAPS - len(line)))


def _enlarged(maps: Tensor, picture: tuple[int, int]) -> Tensor:
    return F.interpolate(maps.unsqueeze(1), size=picture, mode="nearest")[:, 0]
