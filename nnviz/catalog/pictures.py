"""Pictures of digits and clothes, normalised and held in memory as tensors."""

import math
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
from sklearn.datasets import load_digits
from torch import Generator, Tensor

from nnviz.catalog.data import Data, Split
from nnviz.catalog.files import SOURCES, DataFilesError, Source, missing, present
from nnviz.catalog.points import in_turn
from nnviz.words.classes import FASHION

DIGITS = tuple("0123456789")
NORMALISATIONS = ("standard", "zero_one", "none")


def digits(generator: Generator, train_size: int, test_share: float, normalisation: str) -> Data:
    """Build scikit-learn's 8x8 digits; the split is the same for every generator, its classes in turn."""
    return _first(_digits(test_share, normalisation), train_size)


def mnist(generator: Generator, train_size: int, test_size: int, normalisation: str) -> Data:
    """Build MNIST from the first examples of its files; raises DataFilesError where they are missing or damaged."""
    return _first(_load("mnist", SOURCES["mnist"].raw(), normalisation), train_size, test_size)


def fashion_mnist(generator: Generator, train_size: int, test_size: int, normalisation: str) -> Data:
    """Build Fashion-MNIST from the first examples of its files; raises DataFilesError as `mnist` does."""
    return _first(_load("fashion_mnist", SOURCES["fashion_mnist"].raw(), normalisation), train_size, test_size)


def _first(data: Data, train: int, test: int | None = None) -> Data:
    """Take the first examples as views: experiments share the memory of the whole set."""
    return Data(
        data.train_x[:train],
        data.train_y[:train],
        data.test_x[:test],
        data.test_y[:test],
        data.classes,
        data.picture,
        data.offset,
        data.scale,
    )


@lru_cache(maxsize=3)
def _digits(test_share: float, normalisation: str) -> Data:
    return _normalised(digit_pixels(test_share), 16, normalisation, DIGITS, (8, 8))


def digit_pixels(test_share: float) -> Split:
    """Read pictures of 8x8 pixels from 0 to 16, which are split alike for every seed."""
    digits = load_digits()
    labels = torch.from_numpy(digits.target).long()
    order = in_turn(labels, torch.Generator().manual_seed(0))
    pixels, labels = torch.from_numpy(digits.data).byte()[order], labels[order]
    tests = math.ceil(len(labels) * test_share)  # as scikit-learn rounds
    return pixels[tests:], labels[tests:], pixels[:tests], labels[:tests]


@lru_cache(maxsize=3)
def _load(name: str, raw: Path, normalisation: str) -> Data:
    """Read a whole data set; up to 220 MB stay in memory for each of the last three asked for."""
    if problem := missing(name):
        raise DataFilesError(name, problem)
    source = SOURCES[name]
    classes = FASHION if name == "fashion_mnist" else DIGITS
    return _normalised(_read(source, raw), 255, normalisation, classes, (28, 28))


def _read(source: Source, raw: Path) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Read training and test pictures (examples, 784) uint8 and labels (examples,) int64 of intact files."""
    from torchvision.datasets.mnist import read_image_file, read_label_file

    with tempfile.TemporaryDirectory(prefix="nnviz-") as scratch:  # the data folder may be read-only
        paths = [_unpacked(raw, packed, scratch) for packed, _ in source.known.resources]
        parts = [(read_label_file if "labels" in path.name else read_image_file)(str(path)) for path in paths]
    train_x, train_y, test_x, test_y = parts
    return train_x.flatten(1), train_y, test_x.flatten(1), test_y


def _unpacked(raw: Path, packed: str, scratch: str) -> Path:
    from torchvision.datasets.utils import extract_archive

    path = present(raw, packed)
    assert path is not None  # looked for just before
    return Path(extract_archive(path, scratch)) if path.suffix == ".gz" else path


def _normalised(split: Split, top: int, normalisation: str, classes: tuple[str, ...], picture: tuple[int, int]) -> Data:
    """Turn pixels from 0 to `top` into inputs x, so that x * scale + offset is the brightness from 0 to 1."""
    train_x, train_y, test_x, test_y = split
    shift, spread = {
        "standard": lambda: mean_and_std(train_x),
        "zero_one": lambda: (0.0, float(top)),
        "none": lambda: (0.0, 1.0),
    }[normalisation]()
    inputs = [pixels.float().sub_(shift).div_(spread) for pixels in (train_x, test_x)]
    return Data(inputs[0], train_y, inputs[1], test_y, classes, picture, shift / top, spread / top)


def mean_and_std(pixels: Tensor) -> tuple[float, float]:
    """Take mean and spread exactly: pixels are few whole numbers, so they can be counted."""
    counts = torch.bincount(pixels.flatten()).double()
    levels = torch.arange(len(counts)).double()
    mean = (counts @ levels / counts.sum()).item()
    variance = (counts @ (levels - mean) ** 2 / counts.sum()).item()
    return mean, variance**0.5


# What a script shows in place of the caches, checks and views above; tests hold both to the same numbers.


def digits_alone(train_size: int, test_share: float, normalisation: str) -> Split:
    """Take the handwritten digits that come with scikit-learn."""
    train_x, train_y, test_x, test_y = digit_pixels(test_share)
    if normalisation == "standard":
        shift, scale = mean_and_std(train_x)
    elif normalisation == "zero_one":
        shift, scale = 0.0, 16.0
    else:
        shift, scale = 0.0, 1.0
    train_x, test_x = (train_x.float() - shift) / scale, (test_x.float() - shift) / scale
    return train_x[:train_size], train_y[:train_size], test_x, test_y


def mnist_alone(train_size: int, test_size: int, normalisation: str) -> Split:
    """Take MNIST, which is downloaded where it is not there yet."""
    from torchvision.datasets import MNIST

    train, test = MNIST("data", download=True), MNIST("data", train=False, download=True)
    return scaled(train, test, train_size, test_size, normalisation)


def fashion_mnist_alone(train_size: int, test_size: int, normalisation: str) -> Split:
    """Take Fashion-MNIST, which is downloaded where it is not there yet."""
    from torchvision.datasets import FashionMNIST

    train, test = FashionMNIST("data", download=True), FashionMNIST("data", train=False, download=True)
    return scaled(train, test, train_size, test_size, normalisation)


def scaled(train: Any, test: Any, train_size: int, test_size: int, normalisation: str) -> Split:
    """Turn pixels from 0 to 255 into inputs, and keep the first pictures of each set."""
    train_x, test_x = train.data.flatten(1), test.data.flatten(1)
    if normalisation == "standard":
        shift, scale = mean_and_std(train_x)
    elif normalisation == "zero_one":
        shift, scale = 0.0, 255.0
    else:
        shift, scale = 0.0, 1.0
    train_x, test_x = (train_x.float() - shift) / scale, (test_x.float() - shift) / scale
    return train_x[:train_size], train.targets[:train_size], test_x[:test_size], test.targets[:test_size]
