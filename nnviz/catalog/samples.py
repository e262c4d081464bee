"""A few points of each data set in the plane, for its picture."""

from functools import cache
from typing import NamedTuple

import torch

from nnviz.catalog.datasets import DATASETS
from nnviz.records.shapes import Floats, Ints

PLANES = ("circles", "xor", "moons", "blobs", "spiral")  # the sets that a playground offers, from the easiest on
_SEED = 1


class Sample(NamedTuple):
    """Points (n, 2) within -1 and 1, and the class of each."""

    points: Floats
    classes: Ints


@cache
def sample(name: str, count: int = 120) -> Sample:
    """Draw points of a data set with its usual knobs, the same at every call."""
    entry = DATASETS[name]
    values = {knob.name: knob.default for knob in entry.knobs} | {"size": count}
    data = entry.build(torch.Generator().manual_seed(_SEED), **values)
    points = torch.cat([data.train_x, data.test_x])
    found = Sample((points / points.abs().max()).numpy(), torch.cat([data.train_y, data.test_y]).numpy())
    for array in found:
        array.setflags(write=False)  # all who ask share it
    return found
