"""Points of a plane, coloured by class."""

from collections.abc import Sequence
from typing import cast

from nnviz.charts import facts
from nnviz.charts.chart import Figure
from nnviz.charts.figure import Trace, axis, floats, layout
from nnviz.charts.palette import class_colour
from nnviz.charts.shapes.shown import Shown
from nnviz.records.shapes import Cloud

_SYMBOLS = ("circle", "diamond")  # neighbours in the list of classes differ by more than colour


def cloud(found: Sequence[Shown], name: str) -> Figure:
    """Draw the first lane's points, a trace for each class; a place of the plane can be pointed at."""
    reading = cast(Cloud, found[0].reading)
    ends = ((reading.x_label, reading.x), (reading.y_label, reading.y))
    x, y = (axis(str(label), range=facts.stepped(*reach)) for label, reach in ends)
    frame = layout(name, x, y, meta={"places": True})
    frame["legend"] |= {"itemsizing": "constant", "tracegroupgap": 0}
    return {"data": [_points(reading, place) for place in range(len(reading.names))], "layout": frame}


def _points(reading: Cloud, place: int) -> Trace:
    points = reading.points[reading.classes == place]
    name = str(reading.names[place])
    mark = {"color": class_colour(place), "symbol": _SYMBOLS[place % 2], "size": 7, "opacity": 0.85}
    trace = {"type": "scatter", "mode": "markers", "x": floats(points[:, 0]), "y": floats(points[:, 1])}
    return {**trace, "name": name, "marker": mark, "hovertemplate": f"{name}<br>%{{x:.3g}}, %{{y:.3g}}<extra></extra>"}


def pointed(figure: Figure, place: tuple[float, float] | None) -> Figure:
    """Mark where a reader points in a plane that can be pointed at; where nobody can be heard, nobody can point."""
    meta = figure["layout"].get("meta", {})
    if not meta.get("places"):
        return figure
    if place is None:
        return {**figure, "layout": {**figure["layout"], "meta": {**meta, "places": False}}}
    cross = {"symbol": "x", "size": 15, "color": "white", "line": {"color": "black", "width": 2}}
    at = {"x": floats([place[0]]), "y": floats([place[1]]), "hoverinfo": "skip", "showlegend": False}
    mark = {"type": "scatter", "mode": "markers", "name": "place", "marker": cross, "meta": {"start": True}, **at}
    return {**figure, "data": [*figure["data"], mark]}
