"""The plane before and after an affine map."""

from typing import Any

import numpy as np

from nnviz.charts.chart import Figure
from nnviz.charts.figure import Trace, axis, layout
from nnviz.charts.lesson_figure import Words
from nnviz.charts.palette import GREEN, GREY, ORANGE, PURPLE, TRAIN, VERMILLION, rgba
from nnviz.lessons.affine.results import Figures, Plane
from nnviz.records.run import Doubles

FIRST, SECOND, SHIFT, POINT = VERMILLION, TRAIN.colour, GREEN, PURPLE  # of e1, e2, b and of x and y
_REACH = 4  # of the axes
_HEIGHT = 430
_RING, _DOT = 20, 12  # points that a hand can take, in pixels
_HEAD = 14


def before(found: Plane, words: Words) -> Figure:
    """Draw the grid, the shape, the basis vectors and x."""
    figures = found.before
    traces = [
        *_ground(figures, found),
        *_arrows(figures, (words["e1"], words["e2"])),
        _handle("x", figures.point, POINT, words["x"], _DOT, "circle"),
    ]
    return {"data": traces, "layout": _frame("before", words["x1"], words["x2"])}


def after(found: Plane, words: Words) -> Figure:
    """Draw where all of them go; the images of the basis vectors and of the origin can be taken."""
    figures = found.after
    tips = zip(("e1", "e2"), figures.basis, (FIRST, SECOND), (("bottom", "right"), ("top", "left")), strict=True)
    traces = [
        *_ground(figures, found),
        *_arrows(figures, ("", "")),
        _dot(figures.point, POINT, words["y"]),
        _handle("origin", figures.origin, SHIFT, words["image_origin"], _DOT + 2, "circle")
        | {"textposition": _within(figures.origin[0], "bottom", "left")},
        *(
            _handle(name, tip[None], colour, words[f"image_{name}"]) | {"textposition": _within(tip, *place)}
            for name, tip, colour, place in tips
        ),
    ]
    return {"data": traces, "layout": _frame("after", words["y1"], words["y2"])}


def _within(point: Doubles, up: str, aside: str) -> str:
    """Say where a name stands at a point: up and aside as wished, or where there is room as the plane ends soon."""
    across, along = point.tolist()
    if (across if aside == "right" else -across) > _REACH / 2:
        aside = "center"
    if abs(across) > _REACH - 1:
        aside = "left" if across > 0 else "right"
    return f"{'bottom' if along > _REACH - 1 else 'top' if along < 1 - _REACH else up} {aside}"


def _ground(figures: Figures, found: Plane) -> list[Trace]:
    """Draw the grid, the shape, the circle with its axes where it is wanted, and the way to the point."""
    traces = [
        _lines(figures.grid, rgba(GREY, 0.55), 1),
        _lines(figures.shape, ORANGE, 2, fill="toself", fillcolor=rgba(ORANGE, 0.4)),
        _lines(figures.steps, POINT, 2, dash="dot"),
    ]
    if found.with_circle:
        traces += [_lines(figures.circle, GREY, 2), _lines(figures.axes, GREY, 2, dash="dash")]
    return traces


def _arrows(figures: Figures, names: tuple[str, str]) -> list[Trace]:
    pairs = zip(figures.basis, (FIRST, SECOND), names, strict=True)
    return [
        _arrow(figures.origin[0], tip, colour, name) | {"textposition": place}
        for (tip, colour, name), place in zip(pairs, ("bottom center", "middle left"), strict=True)
    ]


def _lines(points: Doubles, colour: str, width: float, dash: str = "solid", **more: Any) -> Trace:
    stroke = {"color": colour, "width": width, "dash": dash}
    return {"type": "scatter", "mode": "lines", **_places(points), "line": stroke, "hoverinfo": "skip", **more}


def _arrow(start: Doubles, tip: Doubles, colour: str, name: str) -> Trace:
    """Draw an arrow; one without length has no head."""
    has_head = bool(np.abs(tip - start).max() > 1e-6)
    head = {
        "symbol": ["circle", "arrow"],
        "size": [0, _HEAD if has_head else 0],
        "angleref": "previous",
        "line": {"width": 0},
    }
    return {
        "type": "scatter", "mode": "lines+markers+text", **_places(np.stack([start, tip])), "hoverinfo": "skip",
        "line": {"color": colour, "width": 4}, "marker": {"color": colour, "opacity": 1, **head}, "text": ["", name],
        "textfont": {"color": colour, "size": 15},
    }  # fmt: skip


def _dot(point: Doubles, colour: str, name: str, size: int = _DOT, symbol: str = "circle") -> Trace:
    edge = {"color": colour, "width": 2.5}
    return {
        "type": "scatter", "mode": "markers+text", **_places(point), "text": [name], "textposition": "top right",
        "textfont": {"color": colour, "size": 15}, "hovertemplate": "(%{x:.3g}, %{y:.3g})<extra></extra>",
        "marker": {"color": colour, "size": size, "symbol": symbol, "line": edge},
    }  # fmt: skip


def _handle(
    name: str, point: Doubles, colour: str, label: str, size: int = _RING, symbol: str = "circle-open"
) -> Trace:
    return {**_dot(point, colour, label, size, symbol), "meta": {"handle": {"name": name, "axis": "xy"}}}


def _places(points: Doubles) -> dict[str, Any]:
    return {"x": points[:, 0].astype(np.float32), "y": points[:, 1].astype(np.float32)}


def _frame(name: str, across: str, up: str) -> dict[str, Any]:
    """Describe a square of the plane that stays as it is."""
    same = {"range": [-_REACH, _REACH], "dtick": 1, "constrain": "domain", "fixedrange": True}
    y = axis(up, **same, scaleanchor="x")
    margin = {"l": 40, "r": 8, "t": 8, "b": 38}
    return layout(f"affine.{name}", axis(across, **same), y, showlegend=False, height=_HEIGHT, margin=margin)
