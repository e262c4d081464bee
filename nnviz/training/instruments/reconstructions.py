"""A few test pictures beside what comes back of them."""

import math

import torch
from torch import Tensor

from nnviz.catalog.reconstruct import noisy
from nnviz.catalog.task import ModelContext
from nnviz.records.shapes import Question, Sheet
from nnviz.training.instruments.brightness import brightness
from nnviz.words.language import message
from nnviz.words.readings import PICTURES

_SMALL_PIXELS = 256
_ACROSS = 10, 6  # small and large pictures in a line
_BLOCKS = 2


def reconstructions(look: ModelContext, question: Question) -> Sheet | None:
    """Show pictures line over line: as they are, what goes in where noise is added, and what comes back."""
    data = look.data
    if data.picture is None:
        return None
    across = _ACROSS[math.prod(data.picture) > _SMALL_PIXELS]
    clean = data.test_x[: _BLOCKS * across]
    spread = float(look.knobs["noise"])
    seen = noisy(clean, spread, look.noise)
    shown: dict[str, Tensor] = {"picture": clean, **({"noisy": seen} if spread else {})}
    shown["back"] = look.model(seen)
    blocks = [block for parts in zip(*(x.chunk(_BLOCKS) for x in shown.values()), strict=True) for block in parts]
    lines = tuple(message(PICTURES[name]) for name in shown)
    return Sheet(brightness(data, torch.cat(blocks)), across, lines=lines * _BLOCKS)
