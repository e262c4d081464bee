"""The singular values of each layer's weights, of one network or of several, and how many directions they use."""

from dataclasses import replace
from typing import cast

from nnviz.charts import facts
from nnviz.charts.by_layer import Quantity, by_layer
from nnviz.charts.chart import PLAIN_VIEW, Figure, View
from nnviz.charts.figure import Layout, axis, layout, line, waiting
from nnviz.charts.layer_readings import of_layer, place_of, reading
from nnviz.charts.palette import MOST_NAMED, Style, layer_colour
from nnviz.charts.racers import racers
from nnviz.records.run import Lane, Record, Snapshot
from nnviz.records.shapes import Lines
from nnviz.words.charts import PLOT

RANK = Quantity("effective_rank", reading("effective_rank"))


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


def lane_ranks(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
    """Draw the effective rank of the chosen layer of each network over time."""
    figure = by_layer(replace(RANK, read=of_layer(RANK.name, view.layer)))(snapshot, view)
    title = {**figure["layout"]["yaxis"]["title"], "text": _titled(PLOT[RANK.name], snapshot, view)}
    return {**figure, "layout": {**figure["layout"], "yaxis": {**figure["layout"]["yaxis"], "title": title}}}


def lane_spectra(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
    """Draw the singular values of the chosen layer of each network, on a log axis."""
    found = [(racer, lines) for racer in racers(snapshot) if (lines := _newest(racer.lanes[0]))]
    if not found:
        return waiting(snapshot, layout("lane_spectra", axis(""), axis(""), showlegend=False))
    first = found[0][1]
    title = _titled(str(first.y_label), snapshot, view)
    frame: Layout = layout(f"lane_spectra {view.layer}", axis(str(first.x_label)), axis(title, type="log"))
    traces, drawn = [], []
    for racer, lines in found:
        values = facts.series(lines.x, lines.y[place_of(view.layer, lines.names)], is_log=True)
        hover = f"{racer.label}: %{{y:.3~g}}<extra></extra>"
        traces.append(
            line(values.x, values.y, racer.style, racer.label, hovertemplate=hover, meta={"lane": racer.label})
        )
        drawn.append(values)
    frame["yaxis"] |= facts.log_ticks(*facts.extent(drawn))
    return {"data": traces, "layout": frame}


def _newest(lane: Lane) -> Lines | None:
    return next((found for record in reversed(lane.records) if (found := spectrum_of(record))), None)


def _titled(quantity: str, snapshot: Snapshot, view: View) -> str:
    """Say of which layer a quantity is drawn."""
    found = next((lines for lane in snapshot.lanes if (lines := _newest(lane))), None)
    if found is None or not found.names:
        return quantity
    return PLOT["of_layer"].format(quantity=quantity, layer=found.names[place_of(view.layer, found.names)])
