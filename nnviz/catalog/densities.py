"""Two-dimensional densities with known modes: clouds of points for a network that makes more of them."""

import math

import torch
from torch import Generator, Tensor

from nnviz.catalog.data import Data
from nnviz.catalog.points import REACH, in_turn

RING = 8  # clouds
GRID = 5  # clouds along each side


def ring(generator: Generator, size: int, noise: float, test_share: float) -> Data:
    """Draw eight Gaussian clouds whose centres lie evenly on a circle of radius 2; noise: std of each cloud."""
    angle = torch.arange(RING) * (2 * math.pi / RING)
    return _clouds(REACH * torch.stack([angle.cos(), angle.sin()], 1), size, noise, test_share, generator)


def grid(generator: Generator, size: int, noise: float, test_share: float) -> Data:
    """Draw 25 Gaussian clouds in five rows and columns from -2 to 2; noise: std of each cloud."""
    places = torch.linspace(-REACH, REACH, GRID)
    return _clouds(torch.cartesian_prod(places, places), size, noise, test_share, generator)


def _clouds(centres: Tensor, size: int, noise: float, test_share: float, generator: Generator) -> Data:
    """Give every cloud as many points as the others, their class the index of its centre."""
    labels = torch.arange(size) % len(centres)
    points = centres[labels] + noise * torch.randn(size, 2, generator=generator)
    order = in_turn(labels, generator)
    points, labels, tests = points[order], labels[order], round(size * test_share)
    names = tuple(f"mode {number}" for number in range(1, len(centres) + 1))
    split = (points[tests:], labels[tests:], points[:tests], labels[:tests])
    return Data(*split, classes=names, modes=centres, spread=noise)
