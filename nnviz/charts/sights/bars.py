"""Numbers by group, beside each other or stacked to a whole."""

from collections.abc import Sequence
from typing import cast

from nnviz.charts.chart import Figure
from nnviz.charts.figure import axis, floats, layout
from nnviz.charts.palette import BLUE, GREEN, ORANGE, PURPLE, SKY, VERMILLION
from nnviz.charts.sights.shown import Shown
from nnviz.records.shapes import Bars

_COLOURS = (BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILLION)


def bars(found: Sequence[Shown], name: str) -> Figure:
    """Draw the first lane's numbers; shares of a whole are stacked and written in per cent."""
    sight = cast(Bars, found[0].sight)
    scale, unit = (100, " %") if sight.is_share else (1, "")
    traces = [
        {
            "type": "bar",
            "x": list(sight.groups),
            "y": floats(scale * values),
            "name": series,
            "marker": {"color": _COLOURS[place % len(_COLOURS)]},
            "hovertemplate": f"{series}: %{{y:.4g}}{unit}<extra></extra>",
        }
        for place, (series, values) in enumerate(zip(sight.series, sight.values, strict=True))
    ]
    y = axis(sight.y_label, **({"range": [0, 100], "ticksuffix": " %"} if sight.is_share else {"rangemode": "tozero"}))
    frame = layout(name, axis("", type="category"), y, barmode="stack" if sight.is_share else "group", bargap=0.25)
    return {"data": traces, "layout": frame}
