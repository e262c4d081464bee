"""The singular values of each layer's weights."""

from typing import cast

from nnviz.charts import facts
from nnviz.charts.chart import PLAIN_VIEW, Figure, View
from nnviz.charts.figure import axis, layout, line, waiting
from nnviz.charts.palette import MOST_NAMED, Style, layer_colour
from nnviz.records.run import Record, Snapshot
from nnviz.records.shapes import Lines


def spectrum_of(record: Record) -> Lines | None:
    """Return the singular values in a record."""
    return cast(Lines | None, record.readings.get("spectrum"))


def singular_values(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
    """Draw each layer's singular values, of the first network, on a log axis; of many layers the colour tells which."""
    found = facts.latest(snapshot, spectrum_of)
    if found is None:
        return waiting(snapshot, layout("spectrum", axis(""), axis(""), showlegend=False))
    frame = layout("spectrum", axis(str(found.x_label)), axis(str(found.y_label), type="log"))
    lines = [facts.series(found.x, values, is_log=True) for values in found.y]
    traces = []
    for place, (name, values) in enumerate(zip(found.names, lines, strict=True)):
        style = Style(layer_colour(place, len(lines)), "solid")
        traces.append(line(values.x, values.y, style, str(name), hovertemplate=f"{name}: %{{y:.3~g}}<extra></extra>"))
    frame["yaxis"] |= facts.log_ticks(*facts.extent(lines))
    frame["showlegend"] = 1 < len(traces) <= MOST_NAMED
    return {"data": traces, "layout": frame}
