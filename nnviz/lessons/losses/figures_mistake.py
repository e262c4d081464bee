"""The figures on squared error for classes."""

from collections.abc import Mapping

import numpy as np

from nnviz.charts.chart import Figure
from nnviz.charts.figure import Trace, axis, floats, layout, line, note
from nnviz.charts.lesson_figure import Picture, Words
from nnviz.charts.palette import BLUE, Style
from nnviz.lessons.losses.figures_parts import HEIGHT, SQUARED, TIGHT, curve, dots, knob, rule
from nnviz.lessons.losses.results import Mistake, Way

_ENTROPY = Style(BLUE, "dash")
_REACH = 8.4
_KEPT = 200  # points of a path
_FAR = 4  # powers of ten of updates


def over_logits(found: Mistake, words: Words) -> Figure:
    """Draw both losses over the logit of the right class."""
    data = [
        curve(found.logits, found.entropy.losses, _ENTROPY, words["entropy"]),
        curve(found.logits, found.squared.losses, SQUARED, words["squared"]),
        dots([found.logit], [found.entropy.loss], BLUE, marker={"size": 11}),
        dots([found.logit], [found.squared.loss], SQUARED.colour, marker={"size": 11}),
        knob(found.logit, -0.3, "logit"),
    ]
    return {"data": data, "layout": _frame(found, words, "losses", words["loss"], [-0.7, 9.3])}


def slopes(found: Mistake, words: Words) -> Figure:
    """Draw how strongly each loss pulls the logit up."""
    data = [
        curve(found.logits, np.abs(found.entropy.slopes), _ENTROPY, words["entropy"]),
        curve(found.logits, np.abs(found.squared.slopes), SQUARED, words["squared"]),
        dots([found.logit], [abs(found.entropy.slope)], BLUE, marker={"size": 11}),
        dots([found.logit], [abs(found.squared.slope)], SQUARED.colour, marker={"size": 11}),
    ]
    return {"data": data, "layout": _frame(found, words, "slopes", words["magnitude"], [-0.05, 1.2])}


def _frame(found: Mistake, words: Words, name: str, label: str, reach: list[float]) -> dict[str, object]:
    x = axis(words["logit_right"], range=[-_REACH, _REACH])
    frame = layout(f"losses.mistake.{name}", x, axis(label, range=reach), height=HEIGHT, margin=TIGHT)
    frame["shapes"] = [rule(found.logit, dash="solid"), rule(0)]
    ends = (("wrong", 0.01, "left"), ("right", 0.99, "right"))
    frame["annotations"] = [
        note(words[f"side_{side}"], at, 0.99, xanchor=anchor, yanchor="top", font={"size": 11})
        for side, at, anchor in ends
    ]
    return frame


def paths(found: Mistake, words: Words) -> Figure:
    """Draw the logit before each update, with each loss."""
    data = [
        _path(found.entropy, _ENTROPY, words["entropy"]),
        _path(found.squared, SQUARED, words["squared"]),
    ]
    ticks = [10**power for power in range(_FAR + 1)]
    x = axis(
        words["update"], type="log", range=[-0.08, _FAR + 0.15], tickvals=ticks, ticktext=[f"{t:,}" for t in ticks]
    )
    y = axis(words["logit_axis"], range=[-8.6, 4])
    frame = layout("losses.mistake.paths", x, y, height=HEIGHT, margin=TIGHT, shapes=[rule(0, is_level=True)])
    frame["annotations"] = [
        note(words["right_here"], 0.99, 0, yref="y", xanchor="right", yanchor="bottom", font={"size": 11})
    ]
    return {"data": data, "layout": frame}


def _path(way: Way, style: Style, name: str) -> Trace:
    count = len(way.path)
    kept = np.unique(np.geomspace(1, count, min(count, _KEPT)).round().astype(int))
    dot = {"color": style.colour, "size": 6}
    path = line(floats(kept), floats(way.path[kept - 1]), style, name, 2.5)
    return {**path, "mode": "lines+markers" if count <= 30 else "lines", "marker": dot}


PICTURES: Mapping[str, Picture] = {
    "over_logits": Picture(over_logits),
    "logit_slopes": Picture(slopes),
    "logit_paths": Picture(paths),
}
