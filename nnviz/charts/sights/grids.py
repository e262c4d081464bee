"""Tables of numbers as colours, side by side on one scale."""

from collections.abc import Sequence
from typing import cast

import numpy as np

from nnviz.charts.chart import Figure
from nnviz.charts.figure import Layout, Trace, axis, floats, layout, note
from nnviz.charts.palette import diverging, sequential
from nnviz.charts.sights.shown import Shown
from nnviz.records.shapes import Floats, Grids

_GAP = 0.05  # share of the width between two tables


def grids(found: Sequence[Shown], name: str) -> Figure:
    """Draw the first lane's tables, first row on top."""
    sight = cast(Grids, found[0].sight)
    low, high = _ends(sight)
    frame = layout(name, axis(""), axis(""), showlegend=False)
    frame["margin"] = {"l": 58, "r": 14, "t": 34, "b": 46}
    traces = []
    for place, (table, title) in enumerate(zip(sight.tables, sight.titles, strict=True)):
        traces.append(_table(sight, table, place, low, high, is_last=place == len(sight.tables) - 1))
        frame |= _axes(sight, table, place)
        middle = sum(_domain(place, len(sight.tables))) / 2
        frame["annotations"] = [*frame["annotations"], note(title, middle, 1.0, yanchor="bottom", font={"size": 11})]
    return {"data": traces, "layout": frame}


def _ends(sight: Grids) -> tuple[float, float]:
    values = np.concatenate([table.ravel() for table in sight.tables])
    values = values[np.isfinite(values)]
    high = sight.high if sight.high is not None else float(np.abs(values).max(initial=0)) or 1.0
    low = sight.low if sight.low is not None else -high if sight.is_signed else 0.0
    return low, high


def _table(sight: Grids, table: Floats, place: int, low: float, high: float, is_last: bool) -> Trace:
    suffix = str(place + 1) if place else ""
    scale = diverging() if sight.is_signed else sequential()
    names = {"x": list(sight.columns)} if sight.columns else {}
    names |= {"y": list(sight.rows)} if sight.rows else {}
    bar = {"thickness": 10, "outlinewidth": 0, "len": 0.9}
    return {
        "type": "heatmap", "z": floats(table), "zmin": low, "zmax": high, "colorscale": scale, "showscale": is_last,
        "colorbar": bar, "xaxis": f"x{suffix}", "yaxis": f"y{suffix}", "hoverongaps": False, **names,
        "hovertemplate": f"{sight.y_label} %{{y}}, {sight.x_label} %{{x}}: %{{z:.3g}}<extra></extra>",
    }  # fmt: skip


def _axes(sight: Grids, table: Floats, place: int) -> Layout:
    suffix = str(place + 1) if place else ""
    x = axis(sight.x_label, domain=_domain(place, len(sight.tables)), anchor=f"y{suffix}", showgrid=False)
    y = axis("" if place else sight.y_label, anchor=f"x{suffix}", autorange="reversed", showgrid=False)
    if not sight.rows:
        y |= {"nticks": min(8, len(table) + 1)}
    return {f"xaxis{suffix}": x, f"yaxis{suffix}": y}


def _domain(place: int, count: int) -> list[float]:
    size = (1 - _GAP * (count - 1)) / count
    return [place * (size + _GAP), min(1.0, place * (size + _GAP) + size)]
