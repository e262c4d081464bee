"""Tensors become numbers here: frozen copies that need no torch."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import torch
from torch import Tensor

from nnviz.catalog.data import Data
from nnviz.records.readings import Histogram
from nnviz.records.shapes import Floats, Ints

BINS = 64


def numbers(tensor: Tensor) -> Floats:
    """Copy a tensor out as float32 numbers that nobody can write to."""
    array = tensor.detach().cpu().float().numpy().copy()
    array.flags.writeable = False
    return array


def floats(values: Iterable[float]) -> Floats:
    """Write numbers as float32 numbers that nobody can write to."""
    return numbers(torch.tensor(list(values), dtype=torch.float64))


def whole_numbers(tensor: Tensor) -> Ints:
    """Copy a tensor out as whole numbers that nobody can write to."""
    array = tensor.detach().cpu().numpy().astype(np.int64)
    array.flags.writeable = False
    return array


def pictures(data: Data, x: Tensor) -> Floats:
    """Turn rows of inputs back into brightness from 0 to 1: (examples, rows, columns)."""
    assert data.picture is not None
    return numbers((x * data.scale + data.offset).clamp(0, 1).view(-1, *data.picture))


def histogram(values: Tensor) -> Histogram:
    """Count values in 64 equal bins between the smallest and the largest finite one."""
    values = values.detach().flatten().float()
    values = values if values.isfinite().all() else values[values.isfinite()]
    if not values.numel():
        return Histogram(0.0, 0.0, _one_bin(0))
    low, high = (bound.item() for bound in values.aminmax())
    if not low < high:
        return Histogram(low, high, _one_bin(values.numel()))
    values = values.cpu() if high - low < torch.finfo(torch.float32).max else values.cpu().double()
    return Histogram(low, high, whole_numbers(torch.histc(values, BINS, low, high)))


def _one_bin(count: int) -> Ints:
    counts = torch.zeros(BINS)
    counts[BINS // 2] = count
    return whole_numbers(counts)
