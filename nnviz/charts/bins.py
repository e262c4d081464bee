"""Facts behind the histograms: from each record's own bins onto one common grid, all records at once."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nnviz.records.readings import Histogram
from nnviz.records.run import Doubles


class Stack(NamedTuple):
    """Histograms of equally many bins as rows of arrays; `below` counts what lies below each of a row's edges."""

    lows: Doubles  # (moments, 1)
    widths: Doubles  # of one bin, (moments, 1); 0 where all values are equal
    counts: Doubles  # (moments, bins)
    below: Doubles  # (moments, bins + 1)


class Spread(NamedTuple):
    """Histograms over time: edges of the value bins and each moment's shares, (bins, moments), at most 1 a column."""

    edges: Doubles
    shares: Doubles


def is_drawable(histogram: Histogram | None) -> bool:
    """Tell whether a histogram holds anything between two finite ends."""
    return histogram is not None and math.isfinite(histogram.high - histogram.low) and bool(histogram.counts.any())


def stacked(histograms: Sequence[Histogram]) -> Stack:
    """Put histograms of equally many bins into arrays."""
    counts = np.array([histogram.counts for histogram in histograms], dtype=np.float64)
    lows = np.array([[histogram.low] for histogram in histograms])
    highs = np.array([[histogram.high] for histogram in histograms])
    below = np.zeros((len(counts), counts.shape[1] + 1))
    np.cumsum(counts, axis=1, out=below[:, 1:])
    return Stack(lows, (highs - lows) / counts.shape[1], counts, below)


def rebin(stack: Stack, edges: Doubles) -> Doubles:
    """Spread counts over other bins, evenly within each old bin: (moments, new bins).

    No count is lost or made inside the new range; what lies outside it is left out.
    """
    bins = stack.counts.shape[1]
    place = np.clip((edges - stack.lows) / np.where(stack.widths > 0, stack.widths, 1), 0, bins)
    whole = np.minimum(place.astype(int), bins - 1)
    inside = np.take_along_axis(stack.counts, whole, axis=1) * (place - whole)
    even = np.take_along_axis(stack.below, whole, axis=1) + inside
    alone = np.where(edges > stack.lows, stack.below[:, -1:], 0)
    return np.diff(np.where(stack.widths > 0, even, alone), axis=1)


def quantile(stack: Stack, share: float) -> Doubles:
    """Return the value that a share of each row's counts lies below, taken as even within a bin: (moments,)."""
    target = share * stack.below[:, -1:]
    at = np.argmax(stack.below[:, 1:] >= target, axis=1)[:, None]
    counts = np.take_along_axis(stack.counts, at, axis=1)
    part = (target - np.take_along_axis(stack.below, at, axis=1)) / np.maximum(counts, 1e-300)
    found: Doubles = (stack.lows + stack.widths * (at + part))[:, 0]
    return found


def value_range(stack: Stack) -> tuple[float, float]:
    """Choose the range to draw: the 1st to 99th percentile of most moments, padded and rounded outwards.

    The widest tenth of the moments may be cut, so that a wild start does not press the rest into a line.
    """
    low = float(np.percentile(quantile(stack, 0.01), 10))
    high = float(np.percentile(quantile(stack, 0.99), 90))
    return _rounded(low, high)


def common_range(stack: Stack) -> tuple[float, float]:
    """Choose the range for sources side by side: the 1st to 99th percentile of all, padded and rounded outwards.

    It ends at three times the usual spread, so that one wild source does not press the others into needles.
    """
    lows, highs = quantile(stack, 0.01), quantile(stack, 0.99)
    middle = float(np.median(lows + highs)) / 2
    reach = 1.5 * float(np.median(highs - lows) or (highs - lows).max())
    return _rounded(max(float(lows.min()), middle - reach), min(float(highs.max()), middle + reach))


def _rounded(low: float, high: float) -> tuple[float, float]:
    pad = 0.1 * (high - low) or 0.5 * abs(low) or 1.0
    unit = 10.0 ** math.floor(math.log10(pad))
    return math.floor((low - pad) / unit) * unit, math.ceil((high + pad) / unit) * unit


def spread(histograms: Sequence[Histogram], bins: int = 48) -> Spread:
    """Put histograms side by side on one grid of values; a column's sum is the share inside the range."""
    stack = stacked(histograms)
    edges = np.linspace(*value_range(stack), bins + 1)
    return Spread(edges, (rebin(stack, edges) / stack.below[:, -1:]).T)


def shades(shares: Doubles) -> NDArray[np.uint8]:
    """Turn shares into 0 to 255 by their square root, so that tails stay visible beside a peak."""
    peak = float(np.percentile(shares[shares > 0], 98)) if (shares > 0).any() else 1.0
    return np.round(255 * np.sqrt(np.clip(shares / peak, 0, 1))).astype(np.uint8)
