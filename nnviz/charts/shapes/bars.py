"""Numbers by group, beside each other or stacked to a whole."""

from collections.abc import Sequence
from typing import cast

from nnviz.charts.chart import Figure
from nnviz.charts.figure import axis, floats, layout
from nnviz.charts.palette import BLUE, GREEN, ORANGE, PURPLE, SKY, VERMILLION
from nnviz.charts.shapes.shown import Shown
from nnviz.records.shapes import Bars

_COLOURS = (BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILLION)


def bars(found: Sequence[Shown], name: str) -> Figure:
    """Draw the first lane's numbers; shares of a whole are stacked and written in per cent."""
    reading = cast(Bars, found[0].reading)
    scale, unit = (100, " %") if reading.is_share else (1, "")
    traces = [
        {
            "type": "bar",
            "x": list(map(str, reading.groups)),
            "y": floats(scale * values),
            "name": series,
            "marker": {"color": _COLOURS[place % len(_COLOURS)]},
            "hovertemplate": f"{series}: %{{y:.4g}}{unit}<extra></extra>",
        }
        for place, (series, values) in enumerate(zip(map(str, reading.series), reading.values, strict=True))
    ]
    y = axis(
        str(reading.y_label),
        **({"range": [0, 100], "ticksuffix": " %"} if reading.is_share else {"rangemode": "tozero"}),
    )
    frame = layout(name, axis("", type="category"), y, barmode="stack" if reading.is_share else "group", bargap=0.25)
    return {"data": traces, "layout": frame}
