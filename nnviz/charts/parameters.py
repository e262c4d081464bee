"""The parameters one by one: the check as a table, and how fast each one moves."""

from nnviz.charts import facts
from nnviz.charts.chart import PLAIN_VIEW, Figure, View
from nnviz.charts.facts import Clock, number, power
from nnviz.charts.figure import Layout, Trace, axis, clock_axis, layout, line, note, waiting
from nnviz.charts.palette import CLEAR, FAINT, MOST_NAMED, Style, layer_colour
from nnviz.records.readings import Parameter
from nnviz.records.run import Lane, Record, Snapshot
from nnviz.words.charts import PARAMETERS, PLOT

_HEAD, _ROW, _ROOM = 28, 26, 16  # pixels
_MOST_ROWS = 24  # of the table; more are scrolled to
_WIDTHS = (1.5, 1, 0.9, 2.7, 1, 1, 1, 1, 1.1)


def parameter_rows(parameters: tuple[Parameter, ...]) -> list[tuple[str, ...]]:
    """Write each parameter as texts in the order of the table's heads."""
    return [
        (
            parameter.name,
            " × ".join(map(str, parameter.shape)) or "1",
            f"{parameter.count:,}",
            "  ".join(number(value) for value in parameter.first),
            *(number(value) for value in (parameter.mean, parameter.std, parameter.norm, parameter.moved)),
            power(parameter.update_ratio),
        )
        for parameter in parameters
    ]


def parameter_check(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
    """Draw the table of parameters of the first lane's newest record."""
    records = snapshot.lanes[0].records if snapshot.lanes else ()
    rows = parameter_rows(records[-1].parameters) if records else []
    if not rows:
        return waiting(snapshot, {**_layout(), "xaxis": {"visible": False}, "yaxis": {"visible": False}})
    look = {"fill": {"color": CLEAR}, "line": {"color": FAINT, "width": 1}}
    align = ["left", "left", "right", "left", *["right"] * 5]
    header = {"values": [f"<b>{head}</b>" for head in PARAMETERS.values()], "align": align, "height": _HEAD, **look}
    cells = {"values": [list(column) for column in zip(*rows, strict=True)], "align": align, "height": _ROW, **look}
    table = {"type": "table", "header": header, "cells": cells, "columnwidth": list(_WIDTHS)}
    return {"data": [table], "layout": {**_layout(), "height": _HEAD + _ROW * min(len(rows), _MOST_ROWS) + _ROOM}}


def _layout() -> Layout:
    margin = {"l": 6, "r": 6, "t": 6, "b": 6}
    return {"margin": margin, "uirevision": "parameters", "showlegend": False, "annotations": list[object]()}


def update_ratios(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
    """Draw each parameter's last update relative to its size, on a log axis, with the rule of thumb 1e-3."""
    y = axis(PLOT["ratio"], type="log", dtick=1, exponentformat="power")
    clock = facts.clock(view.clock, snapshot)
    frame = layout(f"updates {view.clock}", clock_axis(clock.label), y)
    traces = _ratio_lines(snapshot.lanes[0], clock) if snapshot.lanes else []
    if not any(len(trace["x"]) for trace in traces):
        return waiting(snapshot, frame)
    stroke = {"color": FAINT, "dash": "dot", "width": 2}
    rule = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 1e-3, "y1": 1e-3, "line": stroke}
    word = note(PLOT["rule"], 1.0, -3, yref="y", xanchor="right", yanchor="bottom", font={"size": 10})
    frame["showlegend"] = any(trace.get("showlegend") for trace in traces)
    return {"data": traces, "layout": {**frame, "shapes": [rule], "annotations": [word]}}


def _ratio_lines(lane: Lane, clock: Clock) -> list[Trace]:
    rows = list(enumerate(lane.records[-1].parameters)) if lane.records else []
    layers = list(dict.fromkeys(row.name.rpartition(".")[0] for _, row in rows))
    is_deep = len(layers) > MOST_NAMED
    if is_deep:
        rows = [(at, row) for at, row in rows if len(row.shape) > 1]
        layers = [row.name.rpartition(".")[0] for _, row in rows]
    traces = []
    for at, row in rows:
        name, layer = row.name, row.name.rpartition(".")[0]
        is_bias = name.endswith("bias")
        look = Style(layer_colour(layers.index(layer), len(layers)), "dot" if is_bias else "solid")
        more: Trace = {"legendgroup": layer, "showlegend": not is_bias and not is_deep, "width": 1.5}
        values = facts.recorded(lane, clock, lambda record, at=at: _ratio(record, at), is_log=True)  # type: ignore[misc]
        hover = f"{name} %{{y:.1e}}<extra></extra>"
        values = facts.pick(values, 64)
        traces.append(line(values.x, values.y, look, layer or name, hovertemplate=hover, **more))
    return traces


def _ratio(record: Record, index: int) -> float | None:
    return record.parameters[index].update_ratio if index < len(record.parameters) else None
