"""What the search for learning rates found."""

from typing import Any

import numpy as np

from nnviz.charts import facts
from nnviz.charts.chart import PLAIN_VIEW, Figure, View
from nnviz.charts.figure import Layout, Trace, axis, floats, layout, line, waiting
from nnviz.charts.palette import Style, styles
from nnviz.records.rate_grid import RateGrid
from nnviz.records.run import Snapshot
from nnviz.words.charts import PLOT, WORDS

_ROOM = 0.08  # share of the plot below the lowest dot, for the learning rate written there


def loss_by_rate(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
    """Draw the training loss after the search's short runs against the learning rate, the best of each marked."""
    search = snapshot.search
    if search is None or not len(search.rates) or np.isnan(search.losses).all():
        words = WORDS["untried"] if search is None and snapshot.lanes else ""
        return waiting(snapshot, _layout(view, search), words)
    traces: list[Trace] = []
    for at, style in enumerate(styles(search.optimizers)):
        traces += [_line(search, at, style, view.log_loss), _crosses(search, at, style)]
    traces += [_chosen(search, at, style) for at, style in enumerate(styles(search.optimizers))]
    return {"data": [trace for trace in traces if len(trace["x"])], "layout": _layout(view, search)}


def _line(search: RateGrid, at: int, style: Style, is_log: bool) -> Trace:
    """Draw a racer's losses as dots on a line, which breaks where a run diverged."""
    tried = ~np.isnan(search.losses[at])
    losses = floats(np.where(np.isfinite(search.losses[at]), search.losses[at], np.nan)[tried])
    if is_log:
        losses[losses <= 0] = np.nan
    hover = _hover(search, at, "at")
    drawn = line(floats(search.rates[tried]), losses, style, search.labels[at], **_own(search, at), hovertemplate=hover)
    return {**drawn, "mode": "lines+markers", "marker": {"color": style.colour, "size": 5}}


def _hover(search: RateGrid, at: int, words: str) -> str:
    return PLOT[words].format(lane=search.labels[at], loss="%{y:.4g}", rate="%{x:~g}") + "<extra></extra>"


def _own(search: RateGrid, at: int) -> dict[str, Any]:
    return {"meta": {"lane": search.labels[at]}, "legendgroup": search.labels[at]}


def _crosses(search: RateGrid, at: int, style: Style) -> Trace:
    """Draw runs that diverged as crosses at the top, a row for each racer."""
    x = floats(search.rates[np.isposinf(search.losses[at])])
    place = {"x": x, "y": floats(np.full(len(x), 0.98 - 0.028 * at)), "yaxis": "y2"}
    look = {"symbol": "x-thin", "size": 6, "line": {"color": style.colour, "width": 2}}
    hover = {"name": search.labels[at], "hovertemplate": _hover(search, at, "diverged_at")}
    return {
        "type": "scatter",
        "mode": "markers",
        **place,
        "marker": look,
        **_own(search, at),
        "showlegend": False,
        **hover,
    }


def _chosen(search: RateGrid, at: int, style: Style) -> Trace:
    """Draw a big dot at a racer's best learning rate; the lowest dot of a column says which it is."""
    column = search.chosen[at]
    kept = [] if column is None else [column]
    x, y = floats(search.rates[kept]), floats(search.losses[at][kept])
    edge = {"color": "rgba(255,255,255,0.9)", "width": 1.5}
    look = {"symbol": "circle", "size": 13, "color": style.colour, "line": edge}
    text = {"text": [f"{search.rates[column]:g}" if _is_lowest(search, at) else "" for column in kept]}
    hover = _hover(search, at, "best_at")
    shape = {
        "type": "scatter",
        "mode": "markers+text",
        "textposition": "bottom center",
        "marker": look,
        "cliponaxis": False,
    }
    more = {"name": search.labels[at], "showlegend": False, "hovertemplate": hover, "textfont": {"size": 11}}
    return {**shape, "x": x, "y": y, **text, **_own(search, at), **more}


def _is_lowest(search: RateGrid, at: int) -> bool:
    rivals = [row for row, column in enumerate(search.chosen) if column == search.chosen[at]]
    return at == min(rivals, key=lambda row: float(search.losses[row, search.chosen[at] or 0]))


def _layout(view: View, search: RateGrid | None) -> Layout:
    title = PLOT["training_loss_after"].format(updates=f"{search.updates:,}") if search else PLOT["training_loss"]
    ends = _ends(search, view.log_loss) if search else (0.0, 1.0)
    is_log = view.log_loss and ends[0] > 0
    low, high = facts.padded(*ends, is_log)
    y = axis(title, range=[low - _ROOM * (high - low), high])
    if is_log:
        y |= {"type": "log", **facts.log_ticks(*ends)}
    rates = search.rates if search and len(search.rates) else np.array([1e-4, 10.0])
    room = [float(np.log10(rates.min())) - 0.2, float(np.log10(rates.max())) + 0.2]
    x = axis(PLOT["rate"], type="log", range=room, dtick=1, exponentformat="power")
    over = {"overlaying": "y", "range": [0, 1], "visible": False, "fixedrange": True}
    return layout(f"rates {'log' if view.log_loss else 'linear'}", x, y, yaxis2=over)


def _ends(search: RateGrid, is_log: bool) -> tuple[float, float]:
    """Return the losses to draw: from the lowest to a little above where the smallest learning rate leads."""
    known = search.losses[np.isfinite(search.losses) & ((search.losses > 0) | (not is_log))]
    if not known.size:
        return 0.1, 1.0
    first = [row[np.isfinite(row)][0] for row in search.losses if np.isfinite(row).any()]
    best = [row[np.isfinite(row)].min() for row in search.losses if np.isfinite(row).any()]
    low = float(known.min())
    top = max(low + 1.3 * (float(np.median(first)) - low), *map(float, best))
    return low, min(float(known.max()), top)
