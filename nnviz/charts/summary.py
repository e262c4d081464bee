"""Mean, standard deviation and percentiles of histograms over time, as thin lines over them."""

from collections.abc import Sequence

import numpy as np

from nnviz.charts.bins import Stack, quantile, stacked
from nnviz.charts.facts import number
from nnviz.charts.figure import Trace, floats
from nnviz.charts.palette import GREY, VERMILLION, rgba
from nnviz.records.readings import Histogram
from nnviz.records.run import Doubles
from nnviz.records.shapes import Floats
from nnviz.words.charts import PLOT

_SHARES = (0.05, 0.5, 0.95)


def summary(histograms: Sequence[Histogram], times: Floats) -> list[Trace]:
    """Return a line of the mean, which tells mean and standard deviation, and one of each percentile."""
    stack = stacked(histograms)
    means, stds = moments(stack)
    pairs = zip(means, stds, strict=True)
    told = [PLOT["mean_and_std"].format(mean=number(mean), std=number(std)) for mean, std in pairs]
    lines = [_line(times, means, VERMILLION, "solid", {"text": told, "hovertemplate": "%{text}<extra></extra>"})]
    for share in _SHARES:
        hover = {"hovertemplate": PLOT["percentile"].format(share=f"{100 * share:g}") + ": %{y:.3g}<extra></extra>"}
        dash = "solid" if share == 0.5 else "dot"
        lines.append(_line(times, quantile(stack, share), rgba(GREY, 0.9), dash, hover))
    return lines


def moments(stack: Stack) -> tuple[Doubles, Doubles]:
    """Return mean and standard deviation at each moment, as if all of a bin lay in its middle: (moments,) each."""
    middles = stack.lows + stack.widths * (np.arange(stack.counts.shape[1]) + 0.5)
    middles = np.where(stack.widths > 0, middles, stack.lows)
    shares = stack.counts / np.maximum(stack.counts.sum(axis=1, keepdims=True), 1e-300)
    means: Doubles = (middles * shares).sum(axis=1)
    return means, np.sqrt((np.square(middles - means[:, None]) * shares).sum(axis=1))


def _line(times: Floats, values: Doubles, colour: str, dash: str, hover: Trace) -> Trace:
    stroke = {"color": colour, "dash": dash, "width": 1}
    place = {"type": "scatter", "mode": "lines", "x": times, "y": floats(values)}
    return {**place, "name": "", "line": stroke, "showlegend": False, **hover}
