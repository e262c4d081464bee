"""One-dimensional regressions: noisy points of a known curve, x from -2 to 2 (standard deviation about one)."""

import math
from collections.abc import Callable

import torch
from torch import Generator, Tensor

from nnviz.catalog.data import Data, Split, drawn

REACH = 2.0


def line(x: Tensor) -> Tensor:
    """Return y = 0.5 x + 0.25."""
    return 0.5 * x + 0.25


def sine(x: Tensor) -> Tensor:
    """Return one and a half waves, y = sin(0.75 pi x)."""
    return (0.75 * math.pi * x).sin()


def step(x: Tensor) -> Tensor:
    """Return y = -1 left of zero and +1 from there on."""
    return torch.where(x < 0, -1.0, 1.0)


def cubic(x: Tensor) -> Tensor:
    """Return y = (x^3 - 2 x) / 4."""
    return (x**3 - 2 * x) / 4


def points_of(curve: Callable[[Tensor], Tensor]) -> Callable[..., Data]:
    """Return what builds the data of a curve."""

    @drawn()
    def draw(generator: Generator, size: int, noise: float, test_share: float) -> Split:
        """Draw points of a curve; noise: std of the Gaussian noise on y."""
        x = (2 * torch.rand(size, 1, generator=generator) - 1) * REACH
        y = curve(x) + noise * torch.randn(size, 1, generator=generator)
        tests = round(size * test_share)  # the points came in random order: the first are as good as any
        return x[tests:], y[tests:], x[:tests], y[:tests]

    return draw
