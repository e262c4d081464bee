"""The figures of the lesson on gradient descent by hand: the data, the loss over the steps, the terms."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from nnviz.charts.chart import Figure
from nnviz.charts.figure import Trace, axis, floats, layout, line
from nnviz.charts.lesson_figure import Picture, Words
from nnviz.charts.palette import BLUE, FAINT, GREY, SKY, Style, rgba
from nnviz.lessons.descent_by_hand.figures_bowl import bowl, contour
from nnviz.lessons.descent_by_hand.figures_look import BEST, CHOSEN, HEIGHT, LINE, NOW, PATH, QUIET, UNNAMED
from nnviz.lessons.descent_by_hand.results import Found

EDGE = 5.0  # both axes of the data reach from minus to plus this
LOSS = (0.01, 1000.0)  # ends of the axis of the loss
_SPANS = (25, 50, 100, 200)  # steps that the axis may show
_RESIDUAL = "#B8860B"


def data(found: Found, words: Words) -> Figure:
    """Draw the samples, the line, and the errors that the next step looks at."""
    step, fit = found.step, found.fit
    traces = [
        _errors(found, list(step.batch), Style(rgba(_RESIDUAL, 0.9), "solid"), 2.5, words["errors"]),
        {**_errors(found, [found.chosen], Style(CHOSEN, "solid"), 5, words["chosen"]), **UNNAMED},
        _straight(fit.w, fit.b, Style(BEST, "dash"), words["best"], 1.5),
        _straight(step.w, step.b, Style(LINE, "solid"), words["line"], 3),
        _samples(found, words),
    ]
    ends = {"range": [-EDGE, EDGE], "showgrid": False}
    ways = {"dragmode": False, "meta": {"adds": "points", "removes": True}, "height": HEIGHT}
    return {"data": traces, "layout": layout("data", axis("x", **ends), axis("y", **ends), **ways)}


def _errors(found: Found, samples: list[int], style: Style, width: float, name: str) -> Trace:
    """Draw upright strokes from the line to some samples."""
    x = np.repeat(found.x[samples], 3)
    y = np.full(3 * len(samples), np.nan)
    y[0::3], y[1::3] = found.y[samples], np.clip(found.step.predictions[samples], -1e6, 1e6)
    return {**line(floats(x), floats(y), style, name, width), "mode": "lines", **QUIET}


def _straight(w: float, b: float, style: Style, name: str, width: float) -> Trace:
    ends = np.array([-EDGE, EDGE])
    return {**line(floats(ends), floats(np.clip(w * ends + b, -1e6, 1e6)), style, name, width), **QUIET}


def _samples(found: Found, words: Words) -> Trace:
    """Draw the samples as points that can be moved: the chosen one larger, those outside the batch paler."""
    is_in = np.isin(np.arange(len(found.x)), found.step.batch)
    colours = [CHOSEN if at == found.chosen else SKY for at in range(len(found.x))]
    sizes = [16 if at == found.chosen else 11 for at in range(len(found.x))]
    edge = {"color": "white", "width": 1.5}
    marker = {"size": sizes, "color": colours, "opacity": np.where(is_in, 1.0, 0.35).tolist(), "line": edge}
    hover = {"hovertemplate": words["sample"] + " %{pointNumber}: x %{x:.2f}, y %{y:.2f}<extra></extra>"}
    trace = {"type": "scatter", "mode": "markers", "x": floats(found.x), "y": floats(found.y), "marker": marker}
    return {**trace, "name": words["samples"], **UNNAMED, "meta": {"handle": {"name": "points", "axis": "xy"}}, **hover}


def losses(found: Found, words: Words) -> Figure:
    """Draw the loss after each step over the least that any line can have."""
    steps = np.arange(len(found.losses))
    span = next(most for most in _SPANS if most >= len(found.batch_losses) or most == _SPANS[-1])
    least = max(found.fit.loss, LOSS[0])
    traces = [
        line(floats([0, span]), floats([least, least]), Style(BEST, "dash"), words["least"], 1.5),
        line(floats(steps), _drawn(found.losses), PATH, words["loss"], 2.5),
        {**line(floats(steps[-1:]), _drawn(found.losses[-1:]), PATH, words["now"]), "marker": NOW, **UNNAMED},
    ]
    if not found.is_whole:
        dots = {"mode": "markers", "marker": {"size": 5, "color": GREY}}
        traces.insert(0, {**line(floats(steps[:-1]), _drawn(found.batch_losses), PATH, words["batch_loss"]), **dots})
    x = axis(words["step"], range=[-0.02 * span, 1.02 * span])
    y = axis(words["loss"], type="log", range=[math.log10(end) for end in LOSS], dtick=1, exponentformat="power")
    return {"data": traces, "layout": layout("losses", x, y, height=HEIGHT)}


def _drawn(values: Any) -> Any:
    """Keep losses where the picture or its near surroundings are: what grows leaves it at the top."""
    return floats(np.clip(values, 0.5 * LOSS[0], 1e6))


def terms(found: Found, words: Words) -> Figure:
    """Draw what each sample adds to both gradients, and their sums at the right."""
    count = len(found.x)
    wide = max(float(np.abs(found.step.terms).max()), *map(abs, found.step.by_hand), 1e-3)
    top = _round_up(wide)
    traces = [_bars(found, row, words) for row in (0, 1)]
    ends = {"range": [0.3, count + 2.7], "showgrid": False}
    ticks = [*range(1, count + 1, 1 + count // 16), count + 2]
    names = [*map(str, ticks[:-1]), words["sum"]]
    x = axis(words["sample"], tickvals=ticks, ticktext=names, **ends)
    y = axis(words["term"], range=[-top, top]) | {"zeroline": True, "zerolinecolor": GREY}
    rule = {
        "type": "line",
        "x0": count + 1,
        "x1": count + 1,
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "line": {"color": FAINT},
    }
    frame = layout("terms", x, y, barmode="group", bargap=0.25, shapes=[rule], height=220)
    return {"data": traces, "layout": frame}


def _bars(found: Found, row: int, words: Words) -> Trace:
    """Draw one bar for each sample and one for the sum; that of the chosen sample stands out."""
    count = len(found.x)
    heights = np.append(found.step.by_hand[row], found.step.terms[:, row])  # the legend takes the first one's colour
    usual = (BLUE, SKY)[row]
    colours = [usual, *(CHOSEN if at == found.chosen else usual for at in range(count))]
    places = [count + 2, *range(1, count + 1)]
    hatch = {"shape": ["", "/"][row], "fgopacity": 0.5}
    marker = {"color": colours, "pattern": hatch, "line": {"width": 0}}
    name = words["gradient_w" if row == 0 else "gradient_b"]
    hover = {"hovertemplate": name + ": %{y:.4g}<extra></extra>"}
    return {"type": "bar", "x": floats(places), "y": floats(heights), "name": name, "marker": marker, **hover}


def _round_up(value: float) -> float:
    """Return 1, 2 or 5 times a power of ten, so that the axis rests while a hand moves a little."""
    power = 10.0 ** math.floor(math.log10(value))
    return next((digit * power for digit in (1, 2, 5) if digit * power >= 1.05 * value), 10 * power)


PICTURES: Mapping[str, Picture] = {
    "data": Picture(data),
    "contour": Picture(contour),
    "losses": Picture(losses),
    "bowl": Picture(bowl),
    "terms": Picture(terms, width=2),
}
