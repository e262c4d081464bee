"""The figures on squared error and likelihood."""

import math
from collections.abc import Mapping

import numpy as np

from nnviz.charts.chart import Figure
from nnviz.charts.figure import Trace, axis, floats, layout, line, note
from nnviz.charts.lesson_figure import Picture, Words
from nnviz.charts.palette import BLUE, GREEN, GREY, PURPLE, Style, rgba
from nnviz.lessons.losses.figures_parts import HEIGHT, SQUARED, TIGHT, curve, dots, handles, knob, rule
from nnviz.lessons.losses.results import GaussianFit
from nnviz.records.run import Doubles

END = 2.0  # where the line's handles are, both ways
_REACH = 4.0
_TALL = 0.75  # how far a density of 1 reaches to the right
_LIKELIHOOD = Style(BLUE, "dash")


def fitted(fit: GaussianFit, words: Words) -> Figure:
    """Draw the points, the line, a bell around it at each point, and how dense the bell is there."""
    ends = np.array([-_REACH, _REACH])
    handle = np.array([-END, END])
    data = [
        _bells(fit),
        _spokes(fit.x, fit.y, fit.x, fit.w * fit.x + fit.b, rgba(GREY, 0.9), 1.5, words["residual"], "dot"),
        _spokes(fit.x, fit.y, fit.x + _TALL * fit.densities, fit.y, PURPLE, 4, words["density"], "solid"),
        line(floats(ends), floats(fit.w * ends + fit.b), Style(BLUE, "solid"), words["your_line"], 2.5),
        handles(fit.x.tolist(), fit.y.tolist(), "points", "xy", color=GREY, size=11),
        handles(handle.tolist(), (fit.w * handle + fit.b).tolist(), "line", "y", color=BLUE, symbol="square"),
    ]
    x, y = axis("x", range=[-_REACH, _REACH]), axis("y", range=[-_REACH, _REACH])
    frame = layout("losses.fit", x, y, height=HEIGHT, margin=TIGHT, meta={"adds": "points", "removes": True})
    return {"data": data, "layout": frame}


def _bells(fit: GaussianFit) -> Trace:
    """Draw a bell at each point, lying along y: the further right, the more likely."""
    away = np.linspace(-3, 3, 37)
    density = np.exp(-(away**2) / 2) / (fit.sigma * math.sqrt(2 * math.pi))
    gap = np.full((len(fit.x), 1), np.nan)
    x = np.hstack([fit.x[:, None] + _TALL * density, fit.x[:, None], gap])
    y = np.hstack([(fit.w * fit.x + fit.b)[:, None] + fit.sigma * np.append(away, away[0]), gap])
    return {
        "type": "scatter", "mode": "lines", "x": floats(x.ravel()), "y": floats(y.ravel()), "fill": "toself",
        "fillcolor": rgba(BLUE, 0.1), "line": {"color": rgba(BLUE, 0.45), "width": 1}, "hoverinfo": "skip",
        "showlegend": False,
    }  # fmt: skip


def _spokes(
    x0: Doubles, y0: Doubles, x1: Doubles, y1: Doubles, colour: str, width: float, name: str, dash: str
) -> Trace:
    """Draw a stroke from each first place to its second one, in one trace."""
    gap = np.full(len(x0), np.nan)
    x, y = np.stack([x0, x1, gap], 1).ravel(), np.stack([y0, y1, gap], 1).ravel()
    return line(floats(x), floats(y), Style(colour, dash), name, width, hoverinfo="skip")


def over_slopes(fit: GaussianFit, words: Words) -> Figure:
    """Draw how far both losses rise above their smallest value, over the slope."""
    (mse_at, mse_low), (nll_at, nll_low) = fit.lowest_mse, fit.lowest_nll
    data = [
        curve(fit.slopes, fit.mse_over_slopes - mse_low, SQUARED, words["mse"], 3),
        curve(fit.slopes, fit.nll_over_slopes - nll_low, _LIKELIHOOD, words["nll"]),
        dots([fit.w], [fit.mse - mse_low], SQUARED.colour),
        dots([fit.w], [fit.nll - nll_low], BLUE),
        dots([mse_at], [0], SQUARED.colour, marker={"symbol": "circle-open", "size": 16, "line": {"width": 2.5}}),
        dots([nll_at], [0], BLUE, marker={"symbol": "x", "size": 8}),
    ]
    x, y = axis(words["slope"], range=[-2, 2]), axis(words["rise"], range=[-0.5, 8])
    frame = layout("losses.slopes", x, y, height=HEIGHT, margin=TIGHT, shapes=[rule(mse_at), rule(fit.w, dash="solid")])
    frame["annotations"] = [
        note(words["best"], mse_at, 0.98, xref="x", xanchor="left", yanchor="top", font={"size": 11})
    ]
    return {"data": data, "layout": frame}


def over_sigmas(fit: GaussianFit, words: Words) -> Figure:
    """Draw the negative log-likelihood over sigma, with the best one and the chosen one."""
    low, high = -1.5, 6.0
    data = [
        curve(fit.sigmas, fit.nll_over_sigmas, _LIKELIHOOD, words["nll"], showlegend=False),
        dots([fit.sigma], [fit.nll], BLUE, marker={"size": 11}),
        knob(fit.sigma, low + 0.3, "sigma"),
    ]
    ticks = [0.1, 0.2, 0.5, 1, 2, 3]
    reach = [math.log10(fit.sigmas[0]), math.log10(fit.sigmas[-1])]
    x = axis(words["sigma"], type="log", range=reach, tickvals=ticks, ticktext=[f"{tick:g}" for tick in ticks])
    frame = layout("losses.sigmas", x, axis(words["nll"], range=[low, high]), height=HEIGHT, margin=TIGHT)
    frame["shapes"] = [rule(fit.sigma, dash="solid")]
    if fit.best_sigma > 0:
        frame["shapes"].append(rule(fit.best_sigma) | {"line": {"color": GREEN, "dash": "dot", "width": 2}})
        at = min(max(math.log10(fit.best_sigma), reach[0]), reach[1])
        place = {"xref": "x", "xanchor": "right" if at > -0.4 else "left", "yanchor": "top"}
        frame["annotations"] = [note(words["best_sigma"], at, 0.98, font={"size": 11, "color": GREEN}, **place)]
    return {"data": data, "layout": frame}


PICTURES: Mapping[str, Picture] = {
    "fitted": Picture(fitted, width=2),
    "over_slopes": Picture(over_slopes),
    "over_sigmas": Picture(over_sigmas),
}
