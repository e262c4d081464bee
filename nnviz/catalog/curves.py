"""One-dimensional regressions: noisy points of a known curve, x from -2 to 2 (standard deviation about one)."""

import math
from collections.abc import Callable

import torch
from torch import Generator, Tensor

from nnviz.catalog.data import Data

REACH = 2.0


def line(generator: Generator, size: int, noise: float, test_share: float) -> Data:
    """Draw points of y = 0.5 x + 0.25; noise: std of the Gaussian noise on y."""
    return _data(lambda x: 0.5 * x + 0.25, generator, size, noise, test_share)


def sine(generator: Generator, size: int, noise: float, test_share: float) -> Data:
    """Draw points of one and a half waves, y = sin(0.75 pi x); noise: std of the Gaussian noise on y."""
    return _data(lambda x: (0.75 * math.pi * x).sin(), generator, size, noise, test_share)


def step(generator: Generator, size: int, noise: float, test_share: float) -> Data:
    """Draw points of y = -1 left of zero and +1 from there on; noise: std of the Gaussian noise on y."""
    return _data(lambda x: torch.where(x < 0, -1.0, 1.0), generator, size, noise, test_share)


def cubic(generator: Generator, size: int, noise: float, test_share: float) -> Data:
    """Draw points of y = (x^3 - 2 x) / 4; noise: std of the Gaussian noise on y."""
    return _data(lambda x: (x**3 - 2 * x) / 4, generator, size, noise, test_share)


def _data(curve: Callable[[Tensor], Tensor], generator: Generator, size: int, noise: float, test_share: float) -> Data:
    x = (2 * torch.rand(size, 1, generator=generator) - 1) * REACH
    y = curve(x) + noise * torch.randn(size, 1, generator=generator)
    tests = round(size * test_share)  # the points came in random order: the first ones are as good as any
    return Data(x[tests:], y[tests:], x[:tests], y[:tests])
