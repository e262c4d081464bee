"""The figures on outliers."""

from collections.abc import Mapping

import numpy as np

from nnviz.charts.chart import Figure
from nnviz.charts.figure import axis, floats, layout, line
from nnviz.charts.lesson_figure import Picture, Words
from nnviz.charts.palette import GREY, PURPLE, Style, rgba
from nnviz.lessons.losses.figures_parts import ABSOLUTE, HEIGHT, HUBER, SQUARED, TIGHT, curve, dots, handles, knob
from nnviz.lessons.losses.results import RobustFit

STYLES: Mapping[str, Style] = {"squared": SQUARED, "absolute": ABSOLUTE, "huber": HUBER}
_WIDTHS: Mapping[str, float] = {
    "squared": 3.0,
    "absolute": 4.5,
    "huber": 2.0,
}  # so that each shows where they lie on each other
_REACH, _EDGE = 4.0, 4.2


def lines(fit: RobustFit, words: Words) -> Figure:
    """Draw the points and the best line of each loss, and thinly the same without the outlier."""
    ends = np.array([-_REACH, _REACH])
    data = []
    for name, style in STYLES.items():
        (w, b), (w0, b0) = fit.lines[name], fit.without[name]
        thin = Style(rgba(style.colour, 0.75), "dot")
        data.append(line(floats(ends), floats(w0 * ends + b0), thin, "", 1.5, showlegend=False, hoverinfo="skip"))
        data.append(line(floats(ends), floats(w * ends + b), style, words[name], _WIDTHS[name]))
    at = ([float(fit.x[fit.outlier])], [float(fit.y[fit.outlier])])
    data.append(dots(*at, PURPLE, words["outlier"], marker={"symbol": "circle-open", "size": 22, "line": {"width": 2}}))
    data.append(handles(fit.x.tolist(), fit.y.tolist(), "sample", "xy", color=GREY, size=12))
    x, y = axis("x", range=[-_REACH, _REACH]), axis("y", range=[-_REACH, _REACH])
    frame = layout("losses.lines", x, y, height=HEIGHT, margin=TIGHT, meta={"adds": "sample", "removes": True})
    return {"data": data, "layout": frame}


def over_residuals(fit: RobustFit, words: Words) -> Figure:
    """Draw the three losses over the residual."""
    data = [curve(fit.residuals, fit.losses[name], STYLES[name], words[name]) for name in STYLES]
    data += [dots([fit.residual], [fit.loss_at[name]], STYLES[name].colour) for name in STYLES]
    data.append(knob(fit.residual, -0.25, "residual"))
    x, y = axis(words["residual_axis"], range=[-_EDGE, _EDGE]), axis(words["loss"], range=[-0.6, 8])
    return {"data": data, "layout": layout("losses.residuals", x, y, height=HEIGHT, margin=TIGHT)}


def slopes(fit: RobustFit, words: Words) -> Figure:
    """Draw their derivatives."""
    data = [curve(fit.residuals, fit.slopes[name], STYLES[name], words[name]) for name in STYLES]
    data += [dots([fit.residual], [fit.slope_at[name]], STYLES[name].colour) for name in STYLES]
    x, y = axis(words["residual_axis"], range=[-_EDGE, _EDGE]), axis(words["derivative"], range=[-4.4, 4.4])
    return {"data": data, "layout": layout("losses.derivatives", x, y, height=HEIGHT, margin=TIGHT)}


PICTURES: Mapping[str, Picture] = {
    "robust_lines": Picture(lines, width=2),
    "over_residuals": Picture(over_residuals),
    "residual_slopes": Picture(slopes),
}
