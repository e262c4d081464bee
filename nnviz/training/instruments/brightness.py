"""Inputs as pictures again."""

import torch
from torch import Tensor
from torch.nn import functional as F

from nnviz.catalog.data import Data
from nnviz.records.shapes import Bytes


def brightness(data: Data, x: Tensor, is_halved: bool = False) -> Bytes:
    """Turn rows of normalised pixels into (examples, rows, columns) bytes from 0, black, to 255, white.

    is_halved: each pixel is the mean of two by two.
    """
    assert data.picture is not None
    levels = (x * data.scale + data.offset).clamp(0, 1).view(-1, *data.picture)
    levels = F.avg_pool2d(levels, 2) if is_halved else levels
    array = (255 * levels).round().to(torch.uint8).cpu().numpy().copy()
    array.flags.writeable = False
    return array
