"""Two-dimensional classes: points in the plane, drawn from a generator.

Every set spans about -2 to 2 on both axes (the TensorFlow Playground spans -6 to 6), so that its inputs have a
standard deviation of about one, which is what the usual initialisers are made for.
"""

import math
from typing import Any

import sklearn.datasets
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor

from nnviz.catalog.data import Data
from nnviz.words.classes import CIRCLES, MOONS, SPIRAL, XOR

REACH = 2.0  # farthest coordinate without noise
_TURNS = 1.75  # of each spiral arm, as in the TensorFlow Playground
_GAP = 0.1  # kept free on both sides of the XOR's axes


def circles(generator: Generator, size: int, noise: float, test_share: float) -> Data:
    """Draw a ring of radius 1 within a ring of radius 2; noise: std added to each coordinate."""
    points, labels = sklearn.datasets.make_circles(
        (size - size // 2, size // 2), shuffle=False, noise=noise / REACH, factor=0.5, random_state=_seed(generator)
    )
    return _data(_plane(points) * REACH, _plane(labels), CIRCLES, test_share, generator)


def moons(generator: Generator, size: int, noise: float, test_share: float) -> Data:
    """Draw two half-circles that hook into each other; noise: std added to each coordinate."""
    stretch = 4 / 3  # scikit-learn's are 3 wide around (0.5, 0.25)
    points, labels = sklearn.datasets.make_moons(
        (size - size // 2, size // 2), shuffle=False, noise=noise / stretch, random_state=_seed(generator)
    )
    centred = (_plane(points) - torch.tensor([0.5, 0.25])) * stretch
    return _data(centred, _plane(labels), MOONS, test_share, generator)


def xor(generator: Generator, size: int, noise: float, test_share: float) -> Data:
    """Fill the four quadrants evenly, opposite ones with one class; noise: std added to each coordinate."""
    number = torch.arange(size)
    labels, half = number % 2, number // 2 % 2
    right, up = 1 - 2 * half, (1 - 2 * half) * (1 - 2 * labels)
    reach = _GAP + (REACH - _GAP) * torch.rand(size, 2, generator=generator)
    points = reach * torch.stack([right, up], 1) + noise * torch.randn(size, 2, generator=generator)
    return _data(points, labels, XOR, test_share, generator)


def spiral(generator: Generator, size: int, noise: float, test_share: float) -> Data:
    """Wind two arms around the origin; noise: std added to each coordinate."""
    number = torch.arange(size)
    labels = number % 2
    along = (number // 2) / (size / 2)  # 0 to 1 from the origin outwards
    angle = 2 * math.pi * _TURNS * along + math.pi * labels
    points = REACH * along[:, None] * torch.stack([angle.sin(), angle.cos()], 1)
    points = points + noise * torch.randn(size, 2, generator=generator)
    return _data(points, labels, SPIRAL, test_share, generator)


def blobs(generator: Generator, size: int, noise: float, test_share: float, blobs: int) -> Data:
    """Draw Gaussian clouds whose centres lie evenly on a circle of radius 1.5; noise: std of each cloud."""
    angle = torch.arange(blobs, dtype=torch.float64) * (2 * math.pi / blobs) + math.pi / 4
    centres = 1.5 * torch.stack([angle.cos(), angle.sin()], 1)
    points, labels = sklearn.datasets.make_blobs(
        size, centers=centres.numpy(), cluster_std=noise, shuffle=False, random_state=_seed(generator)
    )
    names = tuple(f"blob {letter}" for letter in "ABCDE"[:blobs])
    return _data(_plane(points), _plane(labels), names, test_share, generator)


def in_turn(labels: Tensor, generator: Generator) -> Tensor:
    """Order the examples so that the classes take turns, at random within each class: (examples,) indices.

    Every stretch from the start, and what remains after it, has its classes balanced as well as can be.
    """
    shuffled = torch.randperm(len(labels), generator=generator)
    turn = torch.empty(len(labels), dtype=torch.int64)
    for label in range(int(labels.max()) + 1):
        members = shuffled[labels[shuffled] == label]
        turn[members] = torch.arange(len(members))
    return (turn * (int(labels.max()) + 1) + labels).argsort()


def _data(points: Tensor, labels: Tensor, classes: tuple[str, ...], test_share: float, generator: Generator) -> Data:
    order = in_turn(labels, generator)
    points, labels = points.float()[order], labels.long()[order]
    tests = round(len(labels) * test_share)
    return Data(points[tests:], labels[tests:], points[:tests], labels[:tests], classes)


def _seed(generator: Generator) -> int:
    return int(torch.randint(2**31 - 1, (), generator=generator))


def _plane(array: NDArray[Any]) -> Tensor:
    return torch.from_numpy(array)
