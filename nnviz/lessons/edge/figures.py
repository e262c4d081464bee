"""The figure of the lesson on the edge of stability."""

from collections.abc import Mapping

import numpy as np

from nnviz.charts.chart import Figure
from nnviz.charts.figure import axis, floats, layout, line
from nnviz.charts.lesson_figure import Picture, Words
from nnviz.charts.palette import GREY, TRAIN, WRONG, Style
from nnviz.lessons.edge.results import Parabola

_REACH = 1.6
_HEIGHT = 260  # pixels


def steps(found: Parabola, words: Words) -> Figure:
    """Draw steps at the run's rate on a parabola as sharp as its loss."""
    across = np.linspace(-_REACH, _REACH, 81)
    places = np.array(found.places)
    is_stable = abs(found.factor) < 1
    ground = line(floats(across), floats(0.5 * across**2), Style(GREY, "solid"), "", 1.5, hoverinfo="skip")
    walk = line(
        floats(places), floats(0.5 * places**2), Style(TRAIN.colour if is_stable else WRONG, "solid"), "", 1.5,
        hovertemplate="%{x:.3g}<extra></extra>",
    )  # fmt: skip
    x = axis(words["distance"], range=[-_REACH, _REACH], fixedrange=True)
    y = axis(words["height"], range=[-0.05, 0.5 * _REACH**2], showticklabels=False, fixedrange=True)
    frame = layout("steps", x, y, showlegend=False, height=_HEIGHT)
    return {"data": [ground, {**walk, "mode": "lines+markers"}], "layout": frame}


PICTURES: Mapping[str, Picture] = {"steps": Picture(steps)}
