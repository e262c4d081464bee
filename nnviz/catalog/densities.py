"""Two-dimensional densities with known modes: clouds of points for a network that makes more of them."""

import math

import torch
from torch import Generator, Tensor

from nnviz.catalog.data import Split, drawn
from nnviz.catalog.points import REACH, split

RING = 8  # clouds
GRID = 5  # clouds along each side


def ring_centres() -> Tensor:
    """Lay the centres of the clouds evenly on a circle of radius 2: (clouds, 2)."""
    angle = torch.arange(RING) * (2 * math.pi / RING)
    return REACH * torch.stack([angle.cos(), angle.sin()], 1)


def grid_centres() -> Tensor:
    """Lay the centres of the clouds in rows and columns from -2 to 2: (clouds, 2)."""
    places = torch.linspace(-REACH, REACH, GRID)
    return torch.cartesian_prod(places, places)


def _names(clouds: int) -> tuple[str, ...]:
    return tuple(f"mode {number}" for number in range(1, clouds + 1))


@drawn(classes=_names(RING), modes=ring_centres, spread=lambda noise: noise)
def ring(generator: Generator, size: int, noise: float, test_share: float) -> Split:
    """Draw eight Gaussian clouds whose centres lie evenly on a circle of radius 2; noise: std of each cloud."""
    centres = ring_centres()
    labels = torch.arange(size) % len(centres)
    points = centres[labels] + noise * torch.randn(size, 2, generator=generator)
    return split(points, labels, test_share, generator)


@drawn(classes=_names(GRID**2), modes=grid_centres, spread=lambda noise: noise)
def grid(generator: Generator, size: int, noise: float, test_share: float) -> Split:
    """Draw 25 Gaussian clouds in five rows and columns from -2 to 2; noise: std of each cloud."""
    centres = grid_centres()
    labels = torch.arange(size) % len(centres)
    points = centres[labels] + noise * torch.randn(size, 2, generator=generator)
    return split(points, labels, test_share, generator)
