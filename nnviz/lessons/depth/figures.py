"""The figures of the lesson on depth: a stack of linear layers, and two trained networks."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from nnviz.charts.chart import PLAIN_VIEW, Figure
from nnviz.charts.figure import Layout, Trace, axis, floats, heat, layout, line
from nnviz.charts.lesson_figure import Picture, Words
from nnviz.charts.palette import BLUE, GREEN, GREY, PURPLE, VERMILLION, Style, diverging, rgba
from nnviz.charts.plane import dots, groups, output_field
from nnviz.lessons.depth.results import Collapse, Fold
from nnviz.records.run import Doubles, Snapshot
from nnviz.records.shapes import Floats

HEIGHT = 330
_VIEW = replace(PLAIN_VIEW, show_test=False)
EDGE = 2.2  # of the plane of inputs in the first section
_STEPS = (1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0, 48.0)  # ends of axes
_DOUBLES = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0)  # ends that move seldom
_WAYS = (PURPLE, GREEN)  # grid lines along x2, along x1
_POINTS = (VERMILLION, BLUE)
_BORDER = Style(GREY, "solid")
_ENTRIES = ("W₁₁", "W₁₂", "W₂₁", "W₂₂", "b₁", "b₂")
_CELLS = 32  # of the ground in the hidden plane, along each side
_SETTLED = {"tanh": (-1.15, 1.15), "sigmoid": (-0.1, 1.1)}  # ends of the hidden plane where activations have some


def inputs(found: Collapse, words: Words) -> Figure:
    """Draw the plane of inputs as a grid, with two points that a hand may move."""
    marker = {"size": 15, "color": list(_POINTS), "line": {"color": "white", "width": 2}}
    points = _named_points(found.points, ("A", "B"), marker)
    points |= {"name": words["points"], "meta": {"handle": {"name": "points", "axis": "xy"}}}
    frame = _square("inputs", ("x₁", "x₂"), (-EDGE, EDGE), dragmode=False)
    return {"data": [*_grid(found.lines, 1.2, 0.8, words), points], "layout": frame}


def outputs(found: Collapse, words: Words) -> Figure:
    """Draw what the stack makes of the grid and the points, and on top what the one layer makes of it."""
    edge = ladder(max(float(np.abs(found.images).max()), float(np.abs(found.answers).max())))
    x, y = _strung(found.one_images)
    one = {**line(x, y, Style(GREY, "dot"), words["one"], 1.6), "hoverinfo": "skip"}
    marker = {"size": 13, "color": list(_POINTS), "line": {"color": "white", "width": 2}}
    points = _named_points(found.answers, ("A′", "B′"), marker) | {"name": words["answers"], "showlegend": False}
    frame = _square("outputs", ("y₁", "y₂"), (-edge, edge))
    return {"data": [*_grid(found.images, 5, 0.4, words), one, points], "layout": frame}


def entries(found: Collapse, words: Words) -> Figure:
    """Draw each number of the product as a ring and the same number of the one layer as a cross in it."""
    sides = [np.concatenate([weight.ravel(), bias]) for weight, bias in (found.product, found.one)]
    edge = ladder(float(np.abs(sides).max()))
    looks = (
        {"symbol": "circle-open", "size": 17, "color": BLUE, "line": {"width": 2.5}},
        {"symbol": "x-thin-open", "size": 11, "color": VERMILLION, "line": {"width": 2.5}},
    )
    traces = [
        {
            "type": "scatter", "mode": "markers", "x": list(_ENTRIES), "y": floats(side), "marker": look, "name": name,
            "hovertemplate": f"{name}: %{{x}} = %{{y:.6g}}<extra></extra>",
        }
        for side, look, name in zip(sides, looks, (words["product"], words["one"]), strict=True)
    ]  # fmt: skip
    y = axis(words["value"], range=[-edge, edge]) | {"zeroline": True, "zerolinecolor": rgba(GREY, 0.6)}
    x = axis("", range=[-0.5, len(_ENTRIES) - 0.5])
    return {"data": traces, "layout": layout(f"entries {edge}", x, y, height=HEIGHT)}


def plain(found: Fold, words: Words) -> Figure:
    """Draw the answer of the single layer over the plane."""
    return _bordered(found.plain, words)


def deep(found: Fold, words: Words) -> Figure:
    """Draw the answer of the three layers over the plane, with the grid that is followed into the hidden units."""
    figure = _bordered(found.deep, words)
    ground, *others = figure["data"]
    return {**figure, "data": [ground, *_grid(found.lines, 1, 0.45, words, is_named=False), *others]}


def hidden(found: Fold, words: Words) -> Figure:
    """Draw the grid and the examples as the last two hidden units see them, with the straight border there."""
    across, up = hidden_ends(found)
    scene = found.deep.scene
    assert scene is not None
    points = []
    for chosen, colour, is_test, name in groups(scene):
        if not is_test:
            trace = dots(found.hidden[chosen], colour, False, name, name)
            look = {"marker": {**trace["marker"], "size": 6}, "showlegend": False, "legendgroup": ""}
            points.append({**trace, **look})
    grid = _grid(found.images, 1.2, 0.65, words)
    box = {"showgrid": False}
    x, y = axis("h₁", range=list(across), **box), axis("h₂", range=list(up), **box)
    border = _straight(found.last_line, (across, up), words)
    frame = layout("hidden", x, y, height=HEIGHT)
    return {"data": [_sides(found.last_line, (across, up)), *grid, *points, border], "layout": frame}


def hidden_ends(found: Fold) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the ends of both axes of the hidden plane, which stay where they are for most updates."""
    name = found.deep.lanes[0].spec.activation.name
    if name in _SETTLED:
        return _SETTLED[name], _SETTLED[name]
    reach = np.abs(found.hidden.reshape(-1, 2)).max(axis=0)
    tops = [ladder(1.05 * float(value), _DOUBLES) for value in reach]
    share = 1.0 if name == "identity" else 0.15
    return (-share * tops[0], tops[0]), (-share * tops[1], tops[1])


def ladder(value: float, ends: tuple[float, ...] = _STEPS) -> float:
    """Return the least of some ends of an axis that a value fits into."""
    return next((top for top in ends if value <= top), ends[-1])


def _bordered(snapshot: Snapshot, words: Words) -> Figure:
    """Draw an answer over the plane, and a line where it turns."""
    figure = output_field(snapshot, _VIEW)
    field = snapshot.lanes[0].records[-1].field
    assert field is not None
    rows, columns = field.values.shape[1:]
    turn = {
        "type": "contour", "z": np.round(np.clip(field.values[-1], 0, 1), 3).astype(np.float32),
        "x": floats(np.linspace(*field.x, columns)), "y": floats(np.linspace(*field.y, rows)),
        "contours": {"start": 0.5, "end": 0.5, "size": 1, "coloring": "none"}, "showscale": False,
        "line": {"color": GREY, "width": 3.5}, "hoverinfo": "skip", "name": words["border"], "showlegend": False,
    }  # fmt: skip
    frame = figure["layout"] | {"height": HEIGHT, "uirevision": "plane"}
    return {"data": [*figure["data"], turn], "layout": frame}


def _sides(border: Doubles, ends: tuple[tuple[float, float], ...]) -> Trace:
    """Colour both sides of the last layer's border by the probability that it gives."""
    (left, right), (low, high) = ends
    h1, h2 = np.meshgrid(np.linspace(left, right, _CELLS), np.linspace(low, high, _CELLS))
    logit = np.clip(border[0] * h1 + border[1] * h2 + border[2], -50, 50)
    percent: NDArray[np.uint8] = np.round(100 / (1 + np.exp(-logit))).astype(np.uint8)
    step = {"dx": (right - left) / (_CELLS - 1), "dy": (high - low) / (_CELLS - 1)}
    return heat(percent, diverging(0.6), 0, 100, x0=left, y0=low, zsmooth="fast", **step)


def _straight(border: Doubles, ends: tuple[tuple[float, float], ...], words: Words) -> Trace:
    """Draw the line w1 x + w2 y + b = 0 far beyond the ends of the axes."""
    normal, middle = border[:2], np.array([sum(each) / 2 for each in ends])
    size = max(float(normal @ normal), 1e-12)
    foot = middle - normal * (normal @ middle + border[2]) / size
    way = np.array([-normal[1], normal[0]]) / size**0.5
    reach = 4 * max(high - low for low, high in ends)
    x, y = np.stack([foot - reach * way, foot + reach * way]).T
    return {**line(floats(x), floats(y), _BORDER, words["border"], 3.5), "hoverinfo": "skip", "showlegend": False}


def _grid(lines: Doubles | Floats, width: float, alpha: float, words: Words, *, is_named: bool = True) -> list[Trace]:
    """Draw lines of both directions, one trace for each; the first half runs along x2."""
    traces = []
    middle = len(lines) // 2
    for half, colour, name in zip((lines[:middle], lines[middle:]), _WAYS, ("upright", "level"), strict=True):
        x, y = _strung(half)
        look = {"hoverinfo": "skip", "showlegend": is_named}
        traces.append({**line(x, y, Style(rgba(colour, alpha), "solid"), words[name], width), **look})
    return traces


def _strung(lines: Doubles | Floats) -> tuple[Floats, Floats]:
    """Put lines (lines, places, 2) into one trace, parted by NaN."""
    gaps = np.full((len(lines), 1, 2), np.nan)
    x, y = np.concatenate([lines, gaps], axis=1).reshape(-1, 2).T
    return floats(x), floats(y)


def _named_points(points: Doubles, names: tuple[str, ...], marker: Layout) -> Trace:
    place = {"x": floats(points[:, 0]), "y": floats(points[:, 1]), "text": list(names), "textposition": "top center"}
    hover = {"hovertemplate": "%{text}: (%{x:.3f}, %{y:.3f})<extra></extra>", "showlegend": False}
    return {"type": "scatter", "mode": "markers+text", **place, "marker": marker, "textfont": {"size": 14}, **hover}


def _square(revision: str, names: tuple[str, str], ends: tuple[float, float], **more: object) -> Layout:
    box = {"range": list(ends), "constrain": "domain", "zeroline": True, "zerolinecolor": rgba(GREY, 0.5)}
    x, y = axis(names[0]) | box, axis(names[1]) | box | {"scaleanchor": "x"}
    return layout(f"{revision} {ends[1]}", x, y, height=HEIGHT, **more)


STACK_PICTURES: Mapping[str, Picture] = {
    "inputs": Picture(inputs),
    "outputs": Picture(outputs),
    "entries": Picture(entries),
}
FOLD_PICTURES: Mapping[str, Picture] = {"plain": Picture(plain), "deep": Picture(deep), "hidden": Picture(hidden)}
