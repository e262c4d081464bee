"""Distributions on common bins, one over the other."""

from collections.abc import Sequence
from typing import cast

import numpy as np

from nnviz.charts.chart import Figure
from nnviz.charts.figure import Trace, axis, floats, layout, line
from nnviz.charts.palette import BLUE, GREEN, ORANGE, PURPLE, Style, rgba
from nnviz.charts.shapes.shown import Shown
from nnviz.records.shapes import Floats, Spreads
from nnviz.words.charts import PLOT

_COLOURS = (BLUE, ORANGE, GREEN, PURPLE)


def spreads(found: Sequence[Shown], name: str) -> Figure:
    """Draw the first lane's distributions as filled steps, in per cent of each one's examples."""
    reading = cast(Spreads, found[0].reading)
    x = axis(str(reading.x_label), range=[float(reading.edges[0]), float(reading.edges[-1])])
    y = axis(PLOT["share"], rangemode="tozero")
    traces = [
        _steps(reading.edges, shares, label, _COLOURS[place % len(_COLOURS)])
        for place, (shares, label) in enumerate(zip(reading.shares, map(str, reading.names), strict=True))
    ]
    return {"data": traces, "layout": layout(name, x, y)}


def _steps(edges: Floats, shares: Floats, label: str, colour: str) -> Trace:
    """Draw one distribution; its last bin is drawn to the end of the axis."""
    heights = np.append(100 * shares, 100 * shares[-1:])
    fill: Trace = {
        "fill": "tozeroy",
        "fillcolor": rgba(colour, 0.25),
        "hovertemplate": f"{label}: %{{y:.1f}} %<extra></extra>",
    }
    trace = line(floats(edges), floats(heights), Style(colour, "solid"), label, **fill)
    trace["line"] |= {"shape": "hv"}
    return trace
