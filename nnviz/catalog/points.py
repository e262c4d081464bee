"""Two-dimensional classes: points in the plane, drawn from a generator.

Every set spans about -2 to 2 on both axes (the TensorFlow Playground spans -6 to 6), so that its inputs have a
standard deviation of about one, which is what the usual initialisers are made for.
"""

import math

import torch
from sklearn.datasets import make_blobs, make_circles, make_moons
from torch import Generator, Tensor

from nnviz.catalog.data import Split, drawn
from nnviz.words.classes import CIRCLES, MOONS, SPIRAL, XOR

REACH = 2.0  # farthest coordinate without noise
TURNS = 1.75  # of each spiral arm, as in the TensorFlow Playground
GAP = 0.1  # kept free on both sides of the XOR's axes


@drawn(classes=CIRCLES)
def circles(generator: Generator, size: int, noise: float, test_share: float) -> Split:
    """Draw a ring of radius 1 within a ring of radius 2; noise: std added to each coordinate."""
    seed = int(torch.randint(2**31 - 1, (), generator=generator))  # for numpy's generator
    rings = (size - size // 2, size // 2)
    spread = noise / REACH
    points, labels = make_circles(rings, shuffle=False, noise=spread, factor=0.5, random_state=seed)
    points, labels = torch.from_numpy(points) * REACH, torch.from_numpy(labels)
    return split(points, labels, test_share, generator)


@drawn(classes=MOONS)
def moons(generator: Generator, size: int, noise: float, test_share: float) -> Split:
    """Draw two half-circles that hook into each other; noise: std added to each coordinate."""
    seed = int(torch.randint(2**31 - 1, (), generator=generator))  # for numpy's generator
    stretch = 4 / 3  # scikit-learn's are 3 wide around (0.5, 0.25)
    halves = (size - size // 2, size // 2)
    points, labels = make_moons(halves, shuffle=False, noise=noise / stretch, random_state=seed)
    points = (torch.from_numpy(points) - torch.tensor([0.5, 0.25])) * stretch
    labels = torch.from_numpy(labels)
    return split(points, labels, test_share, generator)


@drawn(classes=XOR)
def xor(generator: Generator, size: int, noise: float, test_share: float) -> Split:
    """Fill the four quadrants evenly, opposite ones with one class; noise: std added to each coordinate."""
    number = torch.arange(size)
    labels, half = number % 2, number // 2 % 2
    right, up = 1 - 2 * half, (1 - 2 * half) * (1 - 2 * labels)
    reach = GAP + (REACH - GAP) * torch.rand(size, 2, generator=generator)
    points = reach * torch.stack([right, up], 1) + noise * torch.randn(size, 2, generator=generator)
    return split(points, labels, test_share, generator)


@drawn(classes=SPIRAL)
def spiral(generator: Generator, size: int, noise: float, test_share: float) -> Split:
    """Wind two arms around the origin; noise: std added to each coordinate."""
    number = torch.arange(size)
    labels = number % 2
    along = (number // 2) / (size / 2)  # 0 to 1 from the origin outwards
    angle = 2 * math.pi * TURNS * along + math.pi * labels
    points = REACH * along[:, None] * torch.stack([angle.sin(), angle.cos()], 1)
    points = points + noise * torch.randn(size, 2, generator=generator)
    return split(points, labels, test_share, generator)


@drawn(classes=lambda blobs: tuple(f"blob {letter}" for letter in "ABCDE"[:blobs]))
def blobs(generator: Generator, size: int, noise: float, test_share: float, blobs: int) -> Split:
    """Draw Gaussian clouds whose centres lie evenly on a circle of radius 1.5; noise: std of each cloud."""
    angle = torch.arange(blobs, dtype=torch.float64) * (2 * math.pi / blobs) + math.pi / 4
    centres = 1.5 * torch.stack([angle.cos(), angle.sin()], 1)
    seed = int(torch.randint(2**31 - 1, (), generator=generator))  # for numpy's generator
    spots = centres.numpy()
    clouds = make_blobs(size, centers=spots, cluster_std=noise, shuffle=False, random_state=seed)
    points, labels = map(torch.from_numpy, clouds)
    return split(points, labels, test_share, generator)


def in_turn(labels: Tensor, generator: Generator) -> Tensor:
    """Order examples so that the classes take turns, in random order within each: (examples,)."""
    shuffled = torch.randperm(len(labels), generator=generator)
    turn = torch.empty(len(labels), dtype=torch.int64)
    for label in range(int(labels.max()) + 1):
        members = shuffled[labels[shuffled] == label]
        turn[members] = torch.arange(len(members))
    return (turn * (int(labels.max()) + 1) + labels).argsort()


def split(points: Tensor, labels: Tensor, test_share: float, generator: Generator) -> Split:
    """Put the classes in turn, and keep the first examples for testing."""
    order = in_turn(labels, generator)
    points, labels = points.float()[order], labels.long()[order]
    tests = round(len(labels) * test_share)
    return points[tests:], labels[tests:], points[:tests], labels[:tests]
