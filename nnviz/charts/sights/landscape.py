"""A field over the plane under two clouds of points, with marked places."""

from collections.abc import Sequence
from typing import cast

import numpy as np

from nnviz.charts.chart import Figure
from nnviz.charts.figure import Trace, axis, floats, heat, layout, note
from nnviz.charts.palette import BLUE, ORANGE, RIGHT, WRONG, diverging
from nnviz.charts.sights.shown import Shown
from nnviz.records.shapes import Floats, Landscape

_STRENGTH = 0.35  # of the field, so that points stand out on it
_MARK_PX = 26
_HEIGHT_PX = 625  # of two rows of cards


def landscape(found: Sequence[Shown], name: str) -> Figure:
    """Draw the first lane's plane: its field, given and made points, and a ring around each place."""
    sight = cast(Landscape, found[0].sight)
    box = {"constrain": "domain", "showgrid": False}
    x = axis("x1", range=list(sight.x), **box)
    y = axis("x2", range=list(sight.y), scaleanchor="x", **box)
    frame = layout(name, x, y, margin={"l": 44, "r": 10, "t": 52, "b": 38}, height=_HEIGHT_PX)
    frame["legend"] |= {"itemsizing": "constant", "itemwidth": 30, "y": 1.04}
    if words := sight.labels.get("note"):
        frame["annotations"] = [note(words, 0.5, 1.0, xanchor="center", yanchor="bottom", font={"size": 14})]
    points = _points(sight.given, BLUE, sight.labels["given"], 0.8), _points(sight.made, ORANGE, sight.labels["made"])
    return {"data": [_field(sight), *points, *_places(sight)], "layout": frame}


def _field(sight: Landscape) -> Trace:
    low, high = sight.ends or _ends(sight.heights)
    rows, columns = sight.heights.shape
    place = {
        "x0": sight.x[0],
        "dx": (sight.x[1] - sight.x[0]) / (columns - 1),
        "y0": sight.y[0],
        "dy": (sight.y[1] - sight.y[0]) / (rows - 1),
    }
    hover = {"hoverinfo": "z", "hovertemplate": f"{sight.labels['heights']}: %{{z:.3g}}<extra></extra>"}
    scale = diverging(_STRENGTH, low=ORANGE, high=BLUE)
    return heat(floats(sight.heights), scale, low, high, zsmooth="best", **place, **hover)


def _ends(heights: Floats) -> tuple[float, float]:
    """Return the ends of the colours, equally far from the middle height."""
    middle = float(np.median(heights))
    reach = float(np.abs(heights - middle).max()) or 1.0
    return middle - reach, middle + reach


def _points(points: Floats, colour: str, name: str, opacity: float = 1.0) -> Trace:
    dot = {"size": 6, "color": colour, "opacity": opacity, "line": {"color": "rgba(255,255,255,0.7)", "width": 0.5}}
    place = {"x": floats(points[:, 0]), "y": floats(points[:, 1])}
    return {"type": "scatter", "mode": "markers", "name": name, "marker": dot, "hoverinfo": "skip", **place}


def _places(sight: Landscape) -> list[Trace]:
    """Draw a ring around each place: full where it is reached, dotted and crossed out where it is not."""
    looks = (
        (sight.is_reached, "covered", "circle-open", RIGHT),
        (~sight.is_reached, "not covered", "circle-x-open", WRONG),
    )
    return [_rings(sight.places[chosen], *look) for chosen, *look in looks if len(sight.places)]


def _rings(places: Floats, name: str, symbol: str, colour: str) -> Trace:
    mark = {"symbol": symbol, "size": _MARK_PX, "color": colour, "line": {"color": colour, "width": 2}}
    at = {"x": floats(places[:, 0]), "y": floats(places[:, 1])}
    hover = f"{name}<extra></extra>"
    return {"type": "scatter", "mode": "markers", "name": name, "marker": mark, "hovertemplate": hover, **at}
