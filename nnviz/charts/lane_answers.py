"""The answers of each lane to a few test examples over time, side by side."""

from collections.abc import Sequence

from nnviz.charts import facts
from nnviz.charts.by_layer import Quantity, axis_of, layer_lines
from nnviz.charts.chart import PLAIN_VIEW, Figure, View
from nnviz.charts.figure import Layout, Trace, clock_axis, layout, note, waiting
from nnviz.charts.panels import domain
from nnviz.charts.racers import Racer, racers
from nnviz.charts.witnesses import answers_of
from nnviz.records.run import Snapshot

_ACROSS = 4
_GAP, _ROW_GAP = 0.02, 0.16  # shares of the whole between panels; the latter has room for a name

Panel = tuple[Racer, list[Trace]]


def lane_answers(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
    """Draw a panel for each lane, with a line for each example; only its first seed keeps any."""
    quantity, clock = answers_of(snapshot), facts.clock(view.clock, snapshot)
    found = [(racer, lines) for racer in racers(snapshot) if (lines := layer_lines(racer, clock, quantity))]
    frame = layout(f"lane_answers {view.clock}", clock_axis(clock.label), axis_of(quantity))
    if not found:
        return waiting(snapshot, frame)
    traces = [trace for at, panel in enumerate(found) for trace in _placed(panel, at)]
    return {"data": traces, "layout": {**frame, **_grid(found, clock.label, quantity)}}


def _placed(panel: Panel, at: int) -> list[Trace]:
    """Put a lane's lines on the axes of its panel; those of the first one name the examples."""
    racer, lines = panel
    suffix = str(at + 1) if at else ""
    own = {"xaxis": f"x{suffix}", "yaxis": f"y{suffix}", "meta": {"lane": racer.label}}
    return [{**trace, **own, "legendgroup": trace["name"], "showlegend": not at} for trace in lines]


def _grid(found: Sequence[Panel], clock: str, quantity: Quantity) -> Layout:
    """Place the panels row by row, each under its lane's name; a zoom along one axis zooms all."""
    across = min(_ACROSS, len(found))
    rows = -(-len(found) // across)
    frame: Layout = {"annotations": []}
    for at, (racer, _) in enumerate(found):
        row, column = divmod(at, across)
        x, y = domain(column, across, _GAP), domain(rows - 1 - row, rows, _ROW_GAP)
        suffix, is_last = str(at + 1) if at else "", at + across >= len(found)
        linked = [{"matches": name} if suffix else {} for name in ("x", "y")]
        shown = {"domain": x, "anchor": f"y{suffix}", "showticklabels": is_last, "nticks": 4, **linked[0]}
        frame[f"xaxis{suffix}"] = {**clock_axis(clock if is_last else ""), **shown}
        beside = {"domain": y, "anchor": f"x{suffix}", "showticklabels": not column, **linked[1]}
        frame[f"yaxis{suffix}"] = {**axis_of(quantity, is_named=not column and not row), **beside}
        place = {"xanchor": "left", "yanchor": "bottom", "font": {"size": 12}}
        frame["annotations"].append(note(racer.label, x[0], y[1], **place))
    return {**frame, "margin": {"l": 54, "r": 14, "t": 64, "b": 42}, "legend": _legend()}


def _legend() -> Layout:
    """Describe a legend above the names of the lanes."""
    return {"orientation": "h", "x": 0, "y": 1.12, "xanchor": "left", "yanchor": "bottom", "font": {"size": 11}}
