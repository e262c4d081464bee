"""Between which losses all updates lay, also those that a thinned curve leaves out."""

from typing import NamedTuple

import numpy as np

from nnviz.charts import facts
from nnviz.charts.facts import Series
from nnviz.charts.figure import Trace
from nnviz.charts.palette import Style, rgba
from nnviz.records.run import Curve, Doubles
from nnviz.records.shapes import Floats
from nnviz.words.charts import PLOT

_MOST = 250  # points along a band: it has two sides


class Spread(NamedTuple):
    """The least and the greatest loss of the updates up to each x: float32 arrays of equal length, all finite."""

    x: Floats
    low: Floats
    high: Floats

    @property
    def sides(self) -> list[Series]:
        """Both ends as lines; a loss that has rounded to 0 is left out, for it decides no axis."""
        return [Series(self.x[side != 0], side[side != 0]) for side in (self.low, self.high)]


def spreads(x: Doubles, curve: Curve) -> list[Spread]:
    """Return each player's, thinned so that no bucket hides anything; none where all losses are drawn."""
    if curve.stride == 1 and len(x) <= facts.MOST_POINTS:
        return []
    return [_spread(x, low, high) for low, high in zip(curve.lows, curve.highs, strict=True)]


def _spread(x: Doubles, low: Doubles, high: Doubles) -> Spread:
    good = np.isfinite(x) & np.isfinite(low) & np.isfinite(high)
    x, low, high = x[good], low[good], high[good]
    ends = facts.thinned(len(x), _MOST)
    starts = np.concatenate([ends[:1], ends[:-1] + 1])
    if not len(ends):
        return Spread(*np.empty((3, 0), np.float32))
    sides = np.minimum.reduceat(low, starts), np.maximum.reduceat(high, starts)
    return Spread(*(np.asarray(part, np.float32) for part in (x[ends], *sides)))


def area(shown: Spread, group: str, look: Style, *, is_log: bool) -> Trace:
    """Draw it as an area without an edge; on a log axis a loss of 0 or below has no place."""
    low = np.where(shown.low > 0, shown.low, shown.high) if is_log else shown.low
    good = shown.high > 0 if is_log else np.ones(len(low), bool)
    x, y = _round(shown.x[good]), np.concatenate([shown.high[good], low[good][::-1]])
    fill = {"fill": "toself", "fillcolor": rgba(look.colour, 0.18), "line": {"width": 0}}
    quiet = {"showlegend": False, "legendgroup": group, "hoverinfo": "skip"}
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "name": PLOT["spread"], **fill, **quiet}


def _round(x: Floats) -> Floats:
    return np.concatenate([x, x[::-1]])
