"""The two fits of a layer: the loss on the way, and both matrices."""

from typing import Any

import numpy as np

from nnviz.charts.chart import Figure
from nnviz.charts.facts import series
from nnviz.charts.figure import Trace, axis, heat, layout, line
from nnviz.charts.lesson_figure import Words
from nnviz.charts.palette import GREEN, PURPLE, TRAIN, Style, diverging
from nnviz.lessons.affine.results import Fit
from nnviz.records.run import Doubles

_STEPS = 500  # of the axis
_LOSSES = (-5, 3)  # of the axis, in powers of ten
_NEAR = 1e-3  # of the least loss
_STRONGEST = 0.7  # the weight that has the full colour
_HEIGHT = 400


def losses(found: Fit, words: Words) -> Figure:
    """Draw the loss, the least possible one, and how far they are apart, on an axis of powers of ten."""
    steps = np.arange(len(found.losses))
    loss, gap = (series(steps, np.minimum(values, 1e9), is_log=True) for values in (found.losses, _gaps(found)))
    traces = [
        _level(_NEAR, Style(PURPLE, "dot"), words["near"]),
        line(gap.x, gap.y, Style(PURPLE, "solid"), words["gap"]),
        _level(found.least, Style(GREEN, "dash"), words["least"]),
        line(loss.x, loss.y, TRAIN, words["loss"], 2.5),
    ]
    x = axis(words["steps"], range=[0, _STEPS], fixedrange=True)
    y = axis(words["log_loss"], type="log", range=list(_LOSSES), dtick=1, exponentformat="power", fixedrange=True)
    return {"data": traces, "layout": layout("affine.losses", x, y, height=_HEIGHT)}


def weights(found: Fit, words: Words) -> Figure:
    """Draw W as gradient descent has left it."""
    return _table(found, found.weights, words, "weights")


def best_weights(found: Fit, words: Words) -> Figure:
    """Draw W of the closed form."""
    return _table(found, found.best_weights, words, "best_weights")


def _gaps(found: Fit) -> Doubles:
    gaps: Doubles = found.losses - found.least
    return np.where(gaps > 1e-12, gaps, np.nan)  # less is rounding


def _level(height: float, style: Style, name: str) -> Trace:
    return line(np.array([0, _STEPS]), np.array([height, height]), style, name, 1.5)


def _table(found: Fit, values: Doubles, words: Words, name: str) -> Figure:
    """Draw a row for each input, also for those that are not used, and a column for each output."""
    rows = [words[f"input_{each}"] for each in found.known]
    columns = [words[f"output_{each}"] for each in found.outputs]
    used = [words[f"input_{each}"] for each in found.inputs]
    cells = heat(
        np.nan_to_num(np.clip(values, -9, 9)), diverging(0.85), -_STRONGEST, _STRONGEST, x=columns, y=used,
        xgap=2, ygap=2, hoverinfo="all",
        customdata=[[f"{value:.5g}" for value in row] for row in values],
        hovertemplate="%{y} → %{x}: %{customdata}<extra></extra>",
    )  # fmt: skip
    numbers = {
        "type": "scatter", "mode": "text", "x": columns * len(used), "y": [row for row in used for _ in columns],
        "text": [_short(value) for value in values.flat], "hoverinfo": "skip",
    }  # fmt: skip
    return {"data": [cells, numbers], "layout": _sheet(name, rows, columns)}


def _short(value: float) -> str:
    if not np.isfinite(value):
        return "∞"
    return f"{value:.2f}".replace("-", "−") if abs(value) < 100 else f"{value:.0e}"


def _sheet(name: str, rows: list[str], columns: list[str]) -> dict[str, Any]:
    """Describe a table whose rows stay in place however many are filled."""
    plain = {"type": "category", "categoryorder": "array", "showgrid": False, "fixedrange": True, "ticks": ""}
    x = axis("", **plain, categoryarray=columns, range=[-0.5, len(columns) - 0.5], side="top", tickangle=0)
    y = axis("", **plain, categoryarray=rows, range=[len(rows) - 0.5, -0.5])
    margin = {"l": 112, "r": 8, "t": 28, "b": 8}
    return layout(f"affine.{name}", x, y, showlegend=False, height=_HEIGHT, margin=margin)
