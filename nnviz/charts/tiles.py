"""Facts behind the picture sheets: many small pictures laid out in one."""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nnviz.records.shapes import Floats

Bytes = NDArray[np.uint8]


class Sheet(NamedTuple):
    """Pictures in one: the pixels, top row first, and each picture's top-left pixel."""

    pixels: Bytes
    tops: NDArray[np.int32]
    lefts: NDArray[np.int32]


def tiled(pictures: Bytes, columns: int, gap: int = 1, empty: int = 0) -> Sheet:
    """Lay pictures (n, rows, columns) out row by row with `gap` empty pixels below and right of each."""
    count, rows, width = pictures.shape
    tops = np.arange(count, dtype=np.int32) // columns * (rows + gap)
    lefts = np.arange(count, dtype=np.int32) % columns * (width + gap)
    lines = math.ceil(count / columns)
    pixels = np.full((lines * (rows + gap), columns * (width + gap)), empty, dtype=np.uint8)
    for picture, top, left in zip(pictures, tops, lefts, strict=True):
        pixels[top : top + rows, left : left + width] = picture
    return Sheet(pixels, tops, lefts)


def edges(count: int, size: int, gap: int) -> Floats:
    """Return the edges of `count` runs of `size` unit pixels, each followed by one pixel stretched to `gap`.

    So a wide gap costs one pixel in `tiled(..., gap=1)`.
    """
    runs = np.arange(count)[:, None] * (size + gap) + np.arange(size + 1) - 0.5
    return np.append(runs.ravel(), count * (size + gap) - 0.5).astype(np.float32)


def outlines(tops: NDArray[Any], lefts: NDArray[Any], shape: tuple[int, int]) -> tuple[Floats, Floats]:
    """Return the x and y of closed frames around pictures, parted by NaN; pixel centres are whole numbers."""
    rows, columns = shape
    across = np.array([0, columns, columns, 0, 0, np.nan], dtype=np.float32) - 0.5
    down = np.array([0, 0, rows, rows, 0, np.nan], dtype=np.float32) - 0.5
    return (np.add.outer(lefts, across).ravel().astype(np.float32), np.add.outer(tops, down).ravel().astype(np.float32))


def symmetric_limit(values: NDArray[Any], share: float = 99.5) -> float:
    """Return the size that nearly all values stay within, on both sides of zero; 0 where nothing is finite."""
    sizes = np.abs(values[np.isfinite(values)])
    return float(np.percentile(sizes, share)) if sizes.size else 0.0


def signed_bytes(values: NDArray[Any], limit: float) -> Bytes:
    """Write values from -limit to limit as 1 to 255 with zero at 128; what lies outside or is no number is cut."""
    scaled = np.nan_to_num(np.clip(values / (limit or 1.0), -1, 1), nan=0.0)
    written: Bytes = np.round(128 + 127 * scaled).astype(np.uint8)
    return written


def picture_bytes(values: NDArray[Any]) -> Bytes:
    """Write brightness from 0 to 1 as 1 to 255, keeping 0 for "no picture here"."""
    written: Bytes = np.round(1 + 254 * np.nan_to_num(np.clip(values, 0, 1))).astype(np.uint8)
    return written


def shrunk(maps: NDArray[Any], side: int) -> NDArray[Any]:
    """Thin maps (n, rows, columns) to at most `side` rows and columns, spread evenly."""
    rows, columns = (np.linspace(0, size - 1, min(side, size)).round().astype(int) for size in maps.shape[1:])
    thin: NDArray[Any] = maps[:, rows][:, :, columns]
    return thin
