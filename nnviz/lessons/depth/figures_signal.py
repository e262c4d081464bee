"""The figures of the lesson on depth: activations and what becomes of a signal in a deep network."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import ArrayLike

from nnviz.charts.chart import Figure
from nnviz.charts.figure import Layout, Trace, axis, floats, layout, line
from nnviz.charts.lesson_figure import Picture, Words
from nnviz.charts.palette import (
    BLUE,
    FAINT,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    SKY,
    VERMILLION,
    Style,
)
from nnviz.lessons.depth.results import Depths, Signal
from nnviz.records.run import Doubles
from nnviz.records.shapes import Floats

HEIGHT = 360
POWERS = (-12, 6)  # ends of the axes of the mean squares
MOST_DEPTH = 30
REACH = 5.0
_FLOOR, _CEILING = 1e-30, 1e30  # single precision holds both
STYLES = {
    "torch_default": Style(GREY, "solid"),
    "he_normal": Style(VERMILLION, "solid"),
    "he_uniform": Style(ORANGE, "dash"),
    "glorot_normal": Style(BLUE, "solid"),
    "glorot_uniform": Style(SKY, "dash"),
    "orthogonal": Style(GREEN, "longdash"),
    "normal": Style(PURPLE, "solid"),
    "zeros": Style(FAINT, "dot"),
}
_CURVE, _SLOPE = Style(BLUE, "solid"), Style(VERMILLION, "dash")


def bend(found: Depths, words: Words) -> Figure:
    """Draw the activation with its slope and its tangent at the point; the other activations are pale."""
    each = found.bend
    others = [_thin(each.places, each.values[name], words[f"act.{name}"]) for name in each.values if name != each.name]
    side = np.array([-1.2, 1.2])
    tangent = line(floats(each.x + side), floats(each.value + each.slope * side), Style(BLUE, "dot"), "", 2)
    traces = [
        *others,
        line(floats(each.places), floats(each.values[each.name]), _CURVE, words["rho"], 3),
        line(floats(each.places), floats(each.slopes[each.name]), _SLOPE, words["slope"], 2),
        {**tangent, "showlegend": False, "hoverinfo": "skip"},
        {**_spot(each.x, each.slope, VERMILLION, 9), "hovertemplate": "%{y:.4f}<extra></extra>"},
        {**_spot(each.x, each.value, BLUE, 15), "meta": {"handle": {"name": "x", "axis": "x"}}},
    ]
    x, y = axis("y", range=[-REACH, REACH]), axis("", range=[-1.4, 3.4])
    return {"data": traces, "layout": layout("bend", x, y, height=HEIGHT, dragmode=False)}


def _thin(x: Doubles, y: Doubles, name: str) -> Trace:
    hover = {"hovertemplate": name + "<extra></extra>", "showlegend": False}
    return {**line(floats(x), floats(y), Style(FAINT, "solid"), name, 1.2), **hover}


def _spot(x: float, y: float, colour: str, size: int) -> Trace:
    edge = {"color": "white", "width": 2}
    place = {"x": floats([x]), "y": floats([np.clip(y, -1.4, 3.4)]), "showlegend": False}
    return {"type": "scatter", "mode": "markers", **place, "marker": {"color": colour, "size": size, "line": edge}}


def forward(found: Depths, words: Words) -> Figure:
    """Draw the mean square of the activations, layer by layer, for each initialiser."""
    layers = np.arange(found.depth + 1)
    traces = _every(found, lambda each: each.forward, words)
    traces.append(_dotted(found, layers, words))
    if found.bend.name != "sigmoid":  # its outputs hang around one half, whatever comes in
        traces.append(_expected(layers, found.factor**layers, words))
    return {"data": traces, "layout": _frame("forward", words["square"], words)}


def backward(found: Depths, words: Words) -> Figure:
    """Draw the mean square of the gradient, layer by layer, for each initialiser."""
    layers = np.arange(found.depth + 1)
    expected = _expected(layers, found.factor ** layers[::-1], words)
    traces = [*_every(found, lambda each: each.backward, words), expected]
    return {"data": traces, "layout": _frame("backward", words["gradient_square"], words)}


def asleep(found: Depths, words: Words) -> Figure:
    """Draw the share of saturated outputs or dead units, layer by layer, for each initialiser."""
    traces = _lines(found, np.arange(1, found.depth + 1), lambda each: floats(100 * each.asleep), words, " %")
    y = axis(words["asleep"], range=[-2, 102])
    return {"data": traces, "layout": layout("asleep", _depth_axis(words), y, height=HEIGHT, **_below())}


def _every(found: Depths, of: Callable[[Signal], Doubles], words: Words) -> list[Trace]:
    return _lines(found, np.arange(found.depth + 1), lambda each: _log(of(each)), words)


def _lines(
    found: Depths, layers: ArrayLike, of: Callable[[Signal], Floats], words: Words, unit: str = ""
) -> list[Trace]:
    """Draw one line for each initialiser, the chosen one broad and last."""
    names = sorted(found.signals, key=lambda name: name == found.chosen)
    traces = []
    for name in names:
        is_chosen = name == found.chosen
        label = words[f"init.{name}"]
        hover = {"hovertemplate": f"{label}: %{{y:.3g}}{unit}<extra></extra>", "legendrank": list(STYLES).index(name)}
        width, opacity = (4.0, 1.0) if is_chosen else (1.8, 0.75)
        traces.append(
            {**line(floats(layers), of(found.signals[name]), STYLES[name], label, width), "opacity": opacity, **hover}
        )
    return traces


def _dotted(found: Depths, x: ArrayLike, words: Words) -> Trace:
    style = Style(STYLES[found.chosen].colour, "dot")
    return {**line(floats(x), _log(found.signal.between), style, words["between"], 2.5), "legendrank": 20}


def _expected(x: ArrayLike, y: ArrayLike, words: Words) -> Trace:
    return {**line(floats(x), _log(y), Style(GREY, "dash"), words["expected"], 2), "legendrank": 21}


def _log(values: ArrayLike) -> Floats:
    """Keep what a logarithmic axis and single precision can hold; nothing is drawn for zero."""
    found = np.asarray(values, dtype=np.float64)
    return floats(np.where(found > 0, np.clip(found, _FLOOR, _CEILING), np.nan))


def _frame(revision: str, label: str, words: Words) -> Layout:
    y = axis(label, type="log", range=list(POWERS), dtick=3, exponentformat="power")
    return layout(revision, _depth_axis(words), y, height=HEIGHT, **_below())


def _depth_axis(words: Words) -> Layout:
    return axis(words["layer"], range=[-0.3, MOST_DEPTH + 0.3])


def _below() -> Layout:
    """Put the legend below the axis, where many names find room."""
    legend = {"orientation": "h", "x": 0, "y": -0.19, "xanchor": "left", "yanchor": "top", "font": {"size": 11}}
    return {"legend": legend, "margin": {"l": 54, "r": 14, "t": 8, "b": 96}}


SIGNAL_PICTURES: Mapping[str, Picture] = {
    "bend": Picture(bend),
    "forward": Picture(forward),
    "asleep": Picture(asleep),
    "backward": Picture(backward),
}
