"""Where the files of MNIST and Fashion-MNIST lie, and whether they are there and intact."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from nnviz.catalog.folders import data_folder, is_passing
from nnviz.words.language import Message, Text, message
from nnviz.words.messages import FILES

# size of each unpacked file in bytes: header, then one byte a pixel or label
UNPACKED = {
    "train-images-idx3-ubyte": 16 + 60_000 * 28 * 28,
    "train-labels-idx1-ubyte": 8 + 60_000,
    "t10k-images-idx3-ubyte": 16 + 10_000 * 28 * 28,
    "t10k-labels-idx1-ubyte": 8 + 10_000,
}


class DataFilesError(ValueError):
    """A data set's files are missing or damaged; it tells what to do."""

    def __init__(self, dataset: str, problem: Message) -> None:
        super().__init__(problem)
        self.dataset = dataset


@dataclass(frozen=True, slots=True)
class Source:
    """A data set that torchvision knows how to fetch."""

    label: Text
    torchvision: str  # its class there
    packed_bytes: int  # of all four .gz files

    @property
    def megabytes(self) -> int:
        """What a download takes, rounded."""
        return round(self.packed_bytes / 1e6)

    @property
    def known(self) -> Any:
        """Torchvision's class, which tells mirrors, file names, checksums and class names."""
        # importing torchvision takes a second or two, which most sessions never need
        import torchvision.datasets

        return getattr(torchvision.datasets, self.torchvision)

    def raw(self, root: Path | None = None) -> Path:
        """The folder of the files, within `root` or else the data folder."""
        part = Path(self.torchvision) / "raw"
        return (root or data_folder(str(part))) / part


SOURCES: Mapping[str, Source] = {
    "mnist": Source("MNIST", "MNIST", 11_594_722),
    "fashion_mnist": Source("Fashion-MNIST", "FashionMNIST", 30_878_645),
}


def missing(name: str) -> Message | None:
    """Say what a data set's files lack, or None where they are ready; loads nothing.

    Files are checked against their checksums once (tens of milliseconds), then only when they change.
    """
    if name not in SOURCES:
        return None
    source = SOURCES[name]
    for packed, md5 in source.known.resources:
        path = present(source.raw(), packed)
        if path is None:
            return _absent(source)
        if not is_intact(path, md5):
            return message(FILES["damaged"], data=message(source.label), path=path)
    return None


def _absent(source: Source) -> Message:
    part = f"{source.torchvision}/raw"
    folder = data_folder(part)
    text = FILES["absent_passing" if is_passing(folder) else "absent"]
    return message(text, data=message(source.label), megabytes=source.megabytes, part=part, folder=folder)


def present(raw: Path, packed: str) -> Path | None:
    """Find a file as it was downloaded (.gz), else unpacked as torchvision leaves it."""
    paths = (raw / packed, raw / packed.removesuffix(".gz"))
    return next((path for path in paths if os.access(path, os.R_OK)), None)


def is_intact(path: Path, md5: str) -> bool:
    """Tell whether a file is what it should be: by checksum, or by size where it is unpacked."""
    try:
        stat = path.stat()
        if path.suffix != ".gz":
            return stat.st_size == UNPACKED.get(path.name)
        return _has_md5(path, md5, stat.st_size, stat.st_mtime_ns)
    except OSError:  # it may go away, or be closed to us, at any moment
        return False


@lru_cache(maxsize=32)
def _has_md5(path: Path, md5: str, size: int, modified_ns: int) -> bool:
    """Check a file's checksum; size and time are there to forget the answer when the file changes."""
    from torchvision.datasets.utils import check_integrity

    return bool(check_integrity(path, md5))
