"""Curves over one axis, of one network or of several beside each other."""

import math
from collections.abc import Sequence
from typing import cast

import numpy as np

from nnviz.charts.chart import Figure
from nnviz.charts.figure import Trace, axis, floats, layout, line
from nnviz.charts.palette import BLUE, GREEN, ORANGE, PURPLE, SKY, VERMILLION, Style
from nnviz.charts.shapes.shown import Shown
from nnviz.records.shapes import Lines

_COLOURS = (BLUE, VERMILLION, GREEN, ORANGE, PURPLE, SKY)
_DASHES = ("solid", "dash", "dot", "dashdot")


def lines(found: Sequence[Shown], name: str) -> Figure:
    """Draw each curve in a colour of its own; of several networks, each network in its own."""
    first = cast(Lines, found[0].reading)
    x = axis(str(first.x_label))
    if first.ticks:
        x |= {"tickvals": first.x.tolist(), "ticktext": list(map(str, first.ticks))}
    y = axis(str(first.y_label), **_shape(first))
    traces = [trace for each in found for trace in _traces(each, len(found) > 1)]
    return {"data": traces, "layout": layout(name, x, y, showlegend=len(traces) > 1)}


def _shape(reading: Lines) -> dict[str, object]:
    """Describe the vertical axis: linear or by powers of ten, over what is there or over a fixed range."""
    ends = reading.y_range
    if not reading.is_log:
        return {"range": list(ends)} if ends else {}
    powers = {"range": [math.log10(end) for end in ends]} if ends else {}
    return {"type": "log", "exponentformat": "power", "dtick": 4 if ends else 1, **powers}


def _traces(shown: Shown, is_one_of_several: bool) -> list[dict[str, object]]:
    reading = cast(Lines, shown.reading)
    traces = []
    for place, (label, values) in enumerate(zip(map(str, reading.names), reading.y, strict=True)):
        style = Style(_COLOURS[place % len(_COLOURS)], "solid")
        if is_one_of_several:
            style = Style(shown.style.colour, _DASHES[place % len(_DASHES)])
            label = f"{shown.label} {label}".strip() if len(reading.names) > 1 else shown.label
        drawn = np.where(values > 0, values, np.nan) if reading.is_log else values
        hover: Trace = {"hovertemplate": f"{label}: %{{y:.3g}}<extra></extra>"}
        traces.append(line(floats(reading.x), floats(drawn), style, label, **hover))
    return traces
