"""Histograms of one layer over time, as a heat map or as ridges."""

from collections.abc import Callable

import numpy as np

from nnviz.charts import facts
from nnviz.charts.bins import Spread, is_drawable, shades, spread
from nnviz.charts.chart import PLAIN_VIEW, Figure, View
from nnviz.charts.figure import Layout, Trace, axis, clock_axis, floats, heat, layout, waiting
from nnviz.charts.palette import POSITIVE, SKY, blend, sequential
from nnviz.charts.summary import summary
from nnviz.records.readings import Histogram, Layer
from nnviz.records.run import Record, Snapshot
from nnviz.records.shapes import Floats
from nnviz.records.tier import Tier
from nnviz.words.charts import PLOT

_COLUMNS = 80
_RIDGES = 10

Part = Callable[[Layer], Histogram | None]


def weight_histograms(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
    """Draw how the weights of the chosen layer are spread, over time."""
    return _over_time(snapshot, view, "weight", lambda layer: layer.weight)


def gradient_histograms(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
    """Draw how the last gradients of the chosen layer's weights are spread, over time."""
    return _over_time(snapshot, view, "gradient", lambda layer: layer.gradient)


def update_histograms(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
    """Draw how what the last update added to the weights of the chosen layer is spread, over time."""
    return _over_time(snapshot, view, "update", lambda layer: layer.update)


def has_updates(snapshot: Snapshot) -> bool:
    """Tell whether the updates of one network are measured, and somebody has asked for more than usual."""
    return snapshot.tier != Tier.ECONOMY and not facts.is_compared(snapshot)


def activation_histograms(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
    """Draw how the outputs of the chosen layer are spread, over time."""
    return _over_time(snapshot, view, "activation", lambda layer: layer.activation)


def chosen_layer(record: Record, name: str) -> Layer | None:
    """Find a layer by name; an unknown or empty name means the first."""
    return next((layer for layer in record.layers if layer.name == name), record.layers[0] if record.layers else None)


def moments(snapshot: Snapshot, view: View, part: Part) -> list[tuple[Record, Histogram]]:
    """Return the first lane's drawable histograms with the records they belong to."""
    records = snapshot.lanes[0].records if snapshot.lanes else ()
    pairs = [(record, part(layer)) for record in records if (layer := chosen_layer(record, view.layer))]
    return [(record, found) for record, found in pairs if found is not None and is_drawable(found)]


def _over_time(snapshot: Snapshot, view: View, name: str, part: Part) -> Figure:
    draw, most = (_ridges, _RIDGES) if view.ridges else (_heat_map, _COLUMNS)
    found, clock = moments(snapshot, view, part), facts.clock(view.clock, snapshot)
    revision = f"{name} {view.clock} {view.layer} {'ridges' if view.ridges else 'map'}"
    if not found:
        frame = layout(revision, clock_axis(clock.label), axis(PLOT[name]), showlegend=False)
        return waiting(snapshot, frame)
    if view.ridges:
        chosen = np.linspace(0, len(found) - 1, min(most, len(found))).round().astype(int)
    else:
        chosen = facts.thinned(len(found), most)
    kept = [found[index] for index in chosen]
    times = floats([clock.of_moment(record) for record, _ in kept])
    histograms = [histogram for _, histogram in kept]
    figure = draw(spread(histograms), times, name, clock.label, revision)
    if view.ridges or snapshot.tier == Tier.ECONOMY:
        return figure
    return {**figure, "data": [*figure["data"], *summary(histograms, times)]}


def _heat_map(facts_: Spread, times: Floats, name: str, label: str, revision: str) -> Figure:
    middle = (facts_.edges[:-1] + facts_.edges[1:]) / 2
    hover = {"hoverinfo": "x+y", "hovertemplate": f"{label} %{{x:.4~g}}, {PLOT[name]} %{{y:.3g}}<extra></extra>"}
    place = {"x": times, "y0": float(middle[0]), "dy": float(middle[1] - middle[0])}
    trace = heat(shades(facts_.shares), sequential(), 0, 255, **place, **hover)
    y = axis(PLOT[name], range=[float(facts_.edges[0]), float(facts_.edges[-1])], showgrid=False)
    return {"data": [trace], "layout": layout(revision, clock_axis(label, showgrid=False), y, showlegend=False)}


def _ridges(facts_: Spread, times: Floats, name: str, label: str, revision: str) -> Figure:
    count = len(times)
    heights = facts_.shares / (facts_.shares.max() or 1.0)
    traces = [_ridge(facts_, heights[:, at], count - 1 - at, at / max(count - 1, 1)) for at in range(count)]
    ticks = {"tickvals": list(range(count))[:: 1 if count < 6 else 3]}
    ticks["ticktext"] = [_short(times[count - 1 - at]) for at in ticks["tickvals"]]  # type: ignore[misc]
    frame = layout(revision, axis(PLOT[name], nticks=7), _ridge_axis(label, count, ticks), showlegend=False)
    frame["xaxis"]["range"] = [float(facts_.edges[0]), float(facts_.edges[-1])]
    return {"data": traces, "layout": frame}


def _ridge_axis(label: str, count: int, ticks: Layout) -> Layout:
    return axis(label, range=[-0.15, count - 1 + 2.4], showgrid=False, **ticks)


def _ridge(facts_: Spread, heights: np.ndarray, base: int, age: float) -> Trace:
    middle = (facts_.edges[:-1] + facts_.edges[1:]) / 2
    x = floats([facts_.edges[0], *middle, facts_.edges[-1]])
    y = floats([0.0, *(2.2 * np.sqrt(heights)), 0.0]) + base
    fill = blend("#bcdcf2", "#0b5f99", age)
    stroke = {"color": blend(SKY, POSITIVE, age), "width": 1}
    shape = {"fill": "toself", "fillcolor": fill, "line": stroke, "hoverinfo": "skip"}
    return {"type": "scatter", "mode": "lines", "x": x, "y": y.astype(np.float32), **shape}


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"
