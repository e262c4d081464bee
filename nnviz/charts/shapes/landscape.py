"""A field over the plane under two clouds of points, with marked places."""

from collections.abc import Sequence
from typing import cast

import numpy as np

from nnviz.charts.chart import Figure
from nnviz.charts.figure import Trace, axis, floats, heat, layout, note
from nnviz.charts.palette import BLUE, ORANGE, RIGHT, WRONG, diverging
from nnviz.charts.shapes.shown import Shown
from nnviz.records.shapes import Floats, Landscape
from nnviz.words.charts import PLOT

_STRENGTH = 0.35  # of the field, so that points stand out on it
_TOP = 255
_FINER = 3  # points of the picture from one height to the next
_MARK_PX = 26
_HEIGHT_PX = 625  # of two rows of cards


def landscape(found: Sequence[Shown], name: str) -> Figure:
    """Draw the first lane's plane: its field, given and made points, and a ring around each place."""
    reading = cast(Landscape, found[0].reading)
    box = {"constrain": "domain", "showgrid": False}
    x = axis("x1", range=list(reading.x), **box)
    y = axis("x2", range=list(reading.y), scaleanchor="x", **box)
    frame = layout(name, x, y, margin={"l": 44, "r": 10, "t": 52, "b": 38}, height=_HEIGHT_PX)
    frame["legend"] |= {"itemsizing": "constant", "itemwidth": 30, "y": 1.04}
    if words := reading.labels.get("note"):
        frame["annotations"] = [note(str(words), 0.5, 1.0, xanchor="center", yanchor="bottom", font={"size": 14})]
    points = (
        _points(reading.given, BLUE, str(reading.labels["given"]), 0.8),
        _points(reading.made, ORANGE, str(reading.labels["made"])),
    )
    return {"data": [*_field(reading), *points, *_places(reading)], "layout": frame}


def _field(reading: Landscape) -> list[Trace]:
    """Draw the heights as a smooth picture, and under it, unseen, the heights that a hand is told of."""
    low, high = reading.ends or _ends(reading.heights)
    scale = diverging(_STRENGTH, low=ORANGE, high=BLUE)
    share = np.nan_to_num((_finer(reading.heights) - low) / (high - low), nan=0.5)
    levels = np.round(_TOP * np.clip(share, 0, 1)).astype(np.uint8)
    hover = {"hoverinfo": "z", "hovertemplate": f"{reading.labels['heights']}: %{{z:.3g}}<extra></extra>"}
    told = heat(floats(reading.heights), scale, low, high, **_grid(reading, reading.heights.shape), **hover)
    seen = heat(levels, scale, 0, _TOP, **_grid(reading, levels.shape), zsmooth="fast")
    return [{**told, "opacity": 0, "zsmooth": "fast"}, seen]


def _grid(reading: Landscape, shape: tuple[int, ...]) -> Trace:
    (left, right), (low, high), (rows, columns) = reading.x, reading.y, shape
    return {"x0": left, "dx": (right - left) / (columns - 1), "y0": low, "dy": (high - low) / (rows - 1)}


def _finer(heights: Floats) -> Floats:
    """Put straight lines between neighbours, along rows and then along columns."""
    rows, columns = (np.linspace(0, count - 1, _FINER * (count - 1) + 1) for count in heights.shape)
    wide = np.array([np.interp(columns, np.arange(len(row)), row) for row in heights])
    return np.array([np.interp(rows, np.arange(len(line)), line) for line in wide.T]).T


def _ends(heights: Floats) -> tuple[float, float]:
    """Return the ends of the colours, equally far from the middle height."""
    middle = float(np.median(heights))
    reach = float(np.abs(heights - middle).max()) or 1.0
    return middle - reach, middle + reach


def _points(points: Floats, colour: str, name: str, opacity: float = 1.0) -> Trace:
    dot = {"size": 6, "color": colour, "opacity": opacity, "line": {"color": "rgba(255,255,255,0.7)", "width": 0.5}}
    place = {"x": floats(points[:, 0]), "y": floats(points[:, 1])}
    return {"type": "scatter", "mode": "markers", "name": name, "marker": dot, "hoverinfo": "skip", **place}


def _places(reading: Landscape) -> list[Trace]:
    """Draw a ring around each place: full where it is reached, dotted and crossed out where it is not."""
    looks = (
        (reading.is_reached, PLOT["covered"], "circle-open", RIGHT),
        (~reading.is_reached, PLOT["not_covered"], "circle-x-open", WRONG),
    )
    return [_rings(reading.places[chosen], *look) for chosen, *look in looks if len(reading.places)]


def _rings(places: Floats, name: str, symbol: str, colour: str) -> Trace:
    mark = {"symbol": symbol, "size": _MARK_PX, "color": colour, "line": {"color": colour, "width": 2}}
    at = {"x": floats(places[:, 0]), "y": floats(places[:, 1])}
    hover = f"{name}<extra></extra>"
    return {"type": "scatter", "mode": "markers", "name": name, "marker": mark, "hovertemplate": hover, **at}
