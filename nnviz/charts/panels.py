"""Small multiples of a race: one histogram for each racer, all on the same values."""

import math
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from nnviz.charts.bins import common_range, is_drawable, rebin, stacked
from nnviz.charts.chart import PLAIN_VIEW, Figure, View
from nnviz.charts.distributions import chosen_layer
from nnviz.charts.facts import stepped
from nnviz.charts.figure import Layout, Trace, axis, bare_axis, floats, layout, note, waiting
from nnviz.charts.palette import GREY, rgba
from nnviz.charts.racers import Racer, racers
from nnviz.records.readings import Histogram, Layer
from nnviz.records.run import Doubles, Record, Snapshot
from nnviz.words.charts import PLOT, WORDS

_BINS = 48
_ACROSS = 4
_RECENT = 4
_GAP, _ROW_GAP = 0.02, 0.16  # shares of the whole between panels; the latter has room for a title

Part = Callable[[Layer], Histogram | None]


class Panel(NamedTuple):
    """What one racer shows: its newest histograms, the last first, and the one before training where it is wanted."""

    racer: Racer
    recent: Sequence[Histogram]
    start: Histogram | None


def lane_weights(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
    """Draw how each racer's weights of the chosen layer are spread, over an outline of their start."""
    return _panels(snapshot, view, "weight", lambda layer: layer.weight, with_start=True)


def lane_updates(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
    """Draw how each racer's last update of the chosen layer's weights is spread."""
    return _panels(snapshot, view, "update", lambda layer: layer.update, with_start=False)


def _panels(snapshot: Snapshot, view: View, name: str, part: Part, with_start: bool) -> Figure:
    found = [panel for racer in racers(snapshot) if (panel := _panel(racer, view, part, with_start))]
    revision = f"lane {name} {view.layer}"
    if not found:
        return waiting(snapshot, layout(revision, axis(PLOT[name]), axis(""), showlegend=False))
    edges = np.linspace(*_reach(found), _BINS + 1)
    traces = [trace for at, panel in enumerate(found, 1) for trace in _traces(panel, edges, at)]
    frame = layout(revision, axis(PLOT[name]), axis(""), showlegend=False, margin={"l": 12, "r": 12, "t": 26, "b": 34})
    return {"data": traces, "layout": {**frame, **_grid(found, name, edges)}}


def _panel(racer: Racer, view: View, part: Part, with_start: bool) -> Panel | None:
    """Find the racer's newest histogram; only its first seed keeps any."""
    records = racer.lanes[0].records
    recent = [*islice(filter(None, (_drawable(record, view, part) for record in reversed(records))), _RECENT)]
    start = _drawable(records[0], view, part) if with_start and records else None
    return Panel(racer, recent, start) if recent else None


def _reach(found: Sequence[Panel]) -> tuple[float, float]:
    """Choose the values to draw: one update is spread far wider than the next, so that a few of the last are heard."""
    starts = [panel.start for panel in found if panel.start][:1]  # all begin alike
    low, high = stepped(*common_range(stacked([each for panel in found for each in panel.recent] + starts)))
    side = max(-low, high)
    return (-side, side) if low < 0 < high else (low, high)


def _drawable(record: Record, view: View, part: Part) -> Histogram | None:
    layer = chosen_layer(record, view.layer)
    found = part(layer) if layer else None
    return found if is_drawable(found) else None


def _traces(panel: Panel, edges: Doubles, at: int) -> list[Trace]:
    colour, suffix = panel.racer.style.colour, "" if at == 1 else str(at)
    parts = [histogram for histogram in (panel.recent[0], panel.start) if histogram]
    stack = stacked(parts)
    shares = 100 * rebin(stack, edges) / stack.below[:, -1:]
    own = {"xaxis": f"x{suffix}", "yaxis": f"y{suffix}", "meta": {"lane": panel.racer.label}}
    middle = floats((edges[:-1] + edges[1:]) / 2)
    fill = {"fill": "tozeroy", "fillcolor": rgba(colour, 0.45)}
    traces = [_steps(middle, shares[0], colour, panel.racer.label, 1.5, **fill, **own)]
    return traces + [_steps(middle, row, GREY, WORDS["start"], 1, **own) for row in shares[1:]]


def _steps(x: Any, shares: Doubles, colour: str, name: str, width: float, **more: Any) -> Trace:
    hover = PLOT["share_at"].format(lane=name, share="%{y:.1f}", value="%{x:.3g}") + "<extra></extra>"
    stroke = {"color": colour, "width": width, "shape": "hvh"}
    base = {"type": "scatter", "mode": "lines", "x": x, "y": floats(shares), "name": name, "line": stroke}
    return {**base, "hovertemplate": hover, **more}


def _grid(found: Sequence[Panel], name: str, edges: Doubles) -> Layout:
    """Place the panels row by row, each under its racer's name; a zoom along one x axis zooms all."""
    across = min(_ACROSS, len(found))
    rows = -(-len(found) // across)
    frame: Layout = {"annotations": []}
    for at, panel in enumerate(found):
        row, column = divmod(at, across)
        x, y = domain(column, across, _GAP), domain(rows - 1 - row, rows, _ROW_GAP)
        suffix = str(at + 1) if at else ""
        is_last = at + across >= len(found)
        frame[f"xaxis{suffix}"] = _x_axis(suffix, x, edges, name if is_last else "", is_last)
        frame[f"yaxis{suffix}"] = bare_axis(domain=y, anchor=f"x{suffix}", rangemode="tozero", fixedrange=True)
        title = {"xanchor": "left", "yanchor": "bottom", "font": {"size": 12}}
        frame["annotations"].append(note(panel.racer.label, x[0], y[1], **title))
    return frame


def _x_axis(suffix: str, domain: list[float], edges: Doubles, name: str, is_last: bool) -> dict[str, Any]:
    linked = {"matches": "x"} if suffix else {}
    place = {"domain": domain, "anchor": f"y{suffix}", "range": [float(edges[0]), float(edges[-1])]}
    shown = {"showgrid": False, "showticklabels": is_last, "tickangle": 0, **_ticks(float(edges[0]), float(edges[-1]))}
    return axis(PLOT[name] if name else "", **place, **linked, **shown)


def _ticks(low: float, high: float) -> dict[str, Any]:
    """Label zero and one round value on both sides, which fits the narrowest panel."""
    reach = 0.6 * min(-low, high)
    if reach <= 0:
        return {"nticks": 3}
    unit = 10.0 ** math.floor(math.log10(reach))
    value = math.floor(reach / unit) * unit
    return {"tickvals": [-value, 0.0, value], "tickformat": "~g"}


def domain(at: int, count: int, gap: float) -> list[float]:
    """Return the share of the whole that one of several panels in a row takes up."""
    size = (1 - gap * (count - 1)) / count
    return [at * (size + gap), min(1.0, at * (size + gap) + size)]
