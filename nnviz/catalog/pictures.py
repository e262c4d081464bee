"""Pictures of digits and clothes, normalised and held in memory as tensors."""

import math
import tempfile
from functools import lru_cache
from pathlib import Path

import sklearn.datasets
import torch
from torch import Generator, Tensor

from nnviz.catalog.data import Data
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
    bunch = sklearn.datasets.load_digits()
    labels = torch.from_numpy(bunch.target).long()
    order = in_turn(labels, torch.Generator().manual_seed(0))  # everybody's digits are split alike
    pixels, labels = torch.from_numpy(bunch.data).byte()[order], labels[order]
    tests = math.ceil(len(labels) * test_share)  # as scikit-learn rounds
    split = (pixels[tests:], labels[tests:], pixels[:tests], labels[:tests])
    return _normalised(split, 16, normalisation, DIGITS, (8, 8))


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


def _normalised(
    split: tuple[Tensor, Tensor, Tensor, Tensor],
    top: int,
    normalisation: str,
    classes: tuple[str, ...],
    picture: tuple[int, int],
) -> Data:
    """Turn pixels from 0 to `top` into inputs x, so that x * scale + offset is the brightness from 0 to 1."""
    train_x, train_y, test_x, test_y = split
    shift, spread = {
        "standard": lambda: _mean_and_std(train_x),
        "zero_one": lambda: (0.0, float(top)),
        "none": lambda: (0.0, 1.0),
    }[normalisation]()
    inputs = [pixels.float().sub_(shift).div_(spread) for pixels in (train_x, test_x)]
    return Data(inputs[0], train_y, inputs[1], test_y, classes, picture, shift / top, spread / top)


def _mean_and_std(pixels: Tensor) -> tuple[float, float]:
    """Take both exactly: pixels are few whole numbers, so they can be counted."""
    counts = torch.bincount(pixels.flatten()).double()
    levels = torch.arange(len(counts)).double()
    mean = (counts @ levels / counts.sum()).item()
    variance = (counts @ (levels - mean) ** 2 / counts.sum()).item()
    return mean, variance**0.5
