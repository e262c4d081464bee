"""Tables of numbers as colours, side by side on one scale."""

from collections.abc import Sequence
from typing import cast

import numpy as np

from nnviz.charts.chart import Figure
from nnviz.charts.figure import Layout, Trace, axis, floats, layout, note
from nnviz.charts.palette import diverging, sequential
from nnviz.charts.shapes.shown import Shown
from nnviz.records.shapes import Floats, Grids

_GAP = 0.05  # share of the width between two tables


def grids(found: Sequence[Shown], name: str) -> Figure:
    """Draw the first lane's tables, first row on top."""
    reading = cast(Grids, found[0].reading)
    low, high = _ends(reading)
    frame = layout(name, axis(""), axis(""), showlegend=False)
    frame["margin"] = {"l": 58, "r": 14, "t": 34, "b": 46}
    traces = []
    for place, (table, title) in enumerate(zip(reading.tables, map(str, reading.titles), strict=True)):
        traces.append(_table(reading, table, place, low, high, is_last=place == len(reading.tables) - 1))
        frame |= _axes(reading, table, place)
        middle = sum(_domain(place, len(reading.tables))) / 2
        frame["annotations"] = [*frame["annotations"], note(title, middle, 1.0, yanchor="bottom", font={"size": 11})]
    return {"data": traces, "layout": frame}


def _ends(reading: Grids) -> tuple[float, float]:
    values = np.concatenate([table.ravel() for table in reading.tables])
    values = values[np.isfinite(values)]
    high = reading.high if reading.high is not None else float(np.abs(values).max(initial=0)) or 1.0
    low = reading.low if reading.low is not None else -high if reading.is_signed else 0.0
    return low, high


def _table(reading: Grids, table: Floats, place: int, low: float, high: float, is_last: bool) -> Trace:
    suffix = str(place + 1) if place else ""
    scale = diverging() if reading.is_signed else sequential()
    names = {"x": list(map(str, reading.columns))} if reading.columns else {}
    names |= {"y": list(map(str, reading.rows))} if reading.rows else {}
    bar = {"thickness": 10, "outlinewidth": 0, "len": 0.9}
    return {
        "type": "heatmap", "z": floats(table), "zmin": low, "zmax": high, "colorscale": scale, "showscale": is_last,
        "colorbar": bar, "xaxis": f"x{suffix}", "yaxis": f"y{suffix}", "hoverongaps": False, **names,
        "hovertemplate": f"{reading.y_label} %{{y}}, {reading.x_label} %{{x}}: %{{z:.3g}}<extra></extra>",
    }  # fmt: skip


def _axes(reading: Grids, table: Floats, place: int) -> Layout:
    suffix = str(place + 1) if place else ""
    x = axis(str(reading.x_label), domain=_domain(place, len(reading.tables)), anchor=f"y{suffix}", showgrid=False)
    y = axis("" if place else str(reading.y_label), anchor=f"x{suffix}", autorange="reversed", showgrid=False)
    if not reading.rows:
        y |= {"nticks": min(8, len(table) + 1)}
    return {f"xaxis{suffix}": x, f"yaxis{suffix}": y}


def _domain(place: int, count: int) -> list[float]:
    size = (1 - _GAP * (count - 1)) / count
    return [place * (size + _GAP), min(1.0, place * (size + _GAP) + size)]
