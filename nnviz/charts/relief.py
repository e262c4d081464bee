"""Heights squeezed for the eye: a quarter of the ground gets half of the shades."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.records.descent import Terrain
from nnviz.records.run import Doubles

TOP = 65535  # the highest point of every relief, so that a height fits into 16 bits
_APART = 0.1  # between two names on the axis, as a share of the relief
_LOW = 0.25  # the share of the ground that gets the lower half of the shades


def heights_of(terrain: Terrain, values: NDArray[np.floating[Any]]) -> Doubles:
    """Return values as heights from 0, the lowest, to TOP, the highest drawn."""
    highest, bend = _shape(terrain)
    above = np.clip(np.asarray(values, dtype=np.float64) - terrain.lowest, 0, highest)
    if bend == math.inf:
        return above / highest * TOP
    squeezed: Doubles = np.log1p(above / bend) / math.log1p(highest / bend) * TOP
    return squeezed


def steps_of(terrain: Terrain) -> NDArray[np.uint16]:
    """Return the terrain's heights in 16 bits, (rows, columns)."""
    return np.round(heights_of(terrain, terrain.heights)).astype(np.uint16)


def is_squeezed(terrain: Terrain) -> bool:
    """Tell whether the relief is other than proportional to the value."""
    return _shape(terrain)[1] != math.inf


def ticks(terrain: Terrain) -> dict[str, Any]:
    """Describe an axis that names heights above the lowest at their place in the relief."""
    highest, bend = _shape(terrain)
    powers = range(math.floor(math.log10(highest)), math.floor(math.log10(min(bend, highest))) - 1, -1)
    names = [10.0**power for power in powers]
    if len(names) < 3:
        step = round_number(highest / 4)
        names = [step * count for count in range(math.floor(highest / step), 0, -1)]
    places = heights_of(terrain, np.array([*names, 0.0]) + terrain.lowest)
    kept: list[tuple[float, float]] = []
    for place, name in zip(places.tolist(), [*names, 0.0], strict=True):
        if not kept or kept[-1][0] - place > _APART * TOP:
            kept.append((place, name))
    words = [f"{name:,.0f}" if name >= 1000 else f"{name:.3g}" for _, name in kept]
    return {"tickvals": [place for place, _ in kept], "ticktext": words}


def round_number(most: float) -> float:
    """Return the largest 1, 2 or 5 times a power of ten that is not above a positive number."""
    power = 10.0 ** math.floor(math.log10(most))
    return power * max((digit for digit in (1, 2, 5) if digit * power <= most), default=1)


def _shape(terrain: Terrain) -> tuple[float, float]:
    """Return the greatest height above the lowest, and where heights turn from proportional to logarithmic.

    log(1 + height / bend) puts the height that a quarter of the ground stays below at half of the relief; where a
    quarter of the ground reaches half of the height anyway, nothing is bent.
    """
    above = terrain.heights.astype(np.float64) - terrain.lowest
    highest, low = float(above.max()), float(np.quantile(above, _LOW))
    return highest, low * low / (highest - 2 * low) if 0 < 2 * low < highest else math.inf
