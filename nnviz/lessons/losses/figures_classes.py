"""The figures on softmax and cross-entropy."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from nnviz.charts.chart import Figure
from nnviz.charts.figure import axis, floats, layout, note, top_note
from nnviz.charts.lesson_figure import Picture, Words
from nnviz.charts.palette import BLUE, GREEN, GREY, ORANGE, PURPLE, rgba
from nnviz.lessons.losses.figures_parts import BARE, HEIGHT, TIGHT, bars, dots, handles, rule
from nnviz.lessons.losses.results import Classification

MOST_LOGIT = 6.0
_MOST_TERM = 8.0


def _frame(found: Classification, words: Words, name: str, y: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Describe a frame with a place for each class."""
    count = len(found.p)
    labels = [words[f"class_{place}"] for place in range(count)]
    labels[found.right] = f"<b>{labels[found.right]} ✓</b>"
    x = axis("", range=[-0.6, count - 0.4], tickvals=list(range(count)), ticktext=labels, showgrid=False)
    margin = TIGHT if more.get("showlegend", True) else BARE
    return layout(f"losses.{name}.{count}", x, y, height=HEIGHT, margin=margin, **more)


def _colours(found: Classification) -> list[str]:
    return [GREEN if place == found.right else BLUE for place in range(len(found.p))]


def logits(found: Classification, words: Words) -> Figure:
    """Draw the logits as bars whose ends can be moved."""
    places = list(range(len(found.p)))
    colours = _colours(found)
    tops = handles(places, found.logits.tolist(), "logits", "y", color=colours)
    drawn = bars(places, found.logits.tolist(), [rgba(colour, 0.55) for colour in colours], width=0.55)
    y = axis(words["logit_axis"], range=[-MOST_LOGIT - 0.5, MOST_LOGIT + 0.5], zeroline=True)
    return {"data": [drawn, tops], "layout": _frame(found, words, "logits", y, showlegend=False)}


def probabilities(found: Classification, words: Words) -> Figure:
    """Draw what softmax makes of them."""
    places = list(range(len(found.p)))
    texts = [f"{p:.3f}" for p in found.p]
    drawn = bars(places, found.p.tolist(), _colours(found), width=0.55)
    labels = dots(places, found.p.tolist(), GREY, mode="text", text=texts, textposition="top center", hoverinfo="skip")
    frame = _frame(found, words, "p", axis(words["p"], range=[0, 1.12]), showlegend=False)
    even = 1 / len(places)
    frame["shapes"] = [rule(even, is_level=True)]
    frame["annotations"] = [
        note(words["even"], 1.0, even, yref="y", xanchor="right", yanchor="bottom", font={"size": 10})
    ]
    return {"data": [drawn, labels], "layout": frame}


def gradient(found: Classification, words: Words) -> Figure:
    """Draw autograd's gradient as bars, the formula's on top of them, and p - y before the temperature divides it."""
    places = list(range(len(found.p)))
    drawn = bars(places, found.gradient.tolist(), ORANGE, width=0.55, name=words["autograd"], showlegend=True)
    ring = {"symbol": "diamond-open", "size": 14, "line": {"width": 2.5}}
    dash = {"symbol": "line-ew", "size": 26, "line": {"width": 3, "color": PURPLE}}
    data = [
        drawn,
        dots(places, found.gradient_by_formula.tolist(), BLUE, words["gradient_formula"], marker=ring),
        dots(places, found.gap.tolist(), PURPLE, words["gap"], marker=dash),
    ]
    y = axis(words["gradient"], range=[-2.3, 2.3], zeroline=True)
    return {"data": data, "layout": _frame(found, words, "gradient", y)}


def batch(found: Classification, words: Words) -> Figure:
    """Draw the loss of each sample of the batch, and their mean."""
    places = np.arange(len(found.terms))
    shown = np.minimum(found.terms, _MOST_TERM)
    colours = [ORANGE, *[rgba(GREY, 0.75)] * (len(places) - 1)]
    labels = dots(
        places.tolist(), np.minimum(shown, 0.93 * _MOST_TERM).tolist(), GREY, mode="text", textposition="top center",
        text=[f"{term:.2f}" for term in found.terms], hoverinfo="skip",
    )  # fmt: skip
    names = [words["yours"], *(f"{place + 1}" for place in places[1:])]
    ticks = [f"{name}<br><i>{words[f'class_{right}']}</i>" for name, right in zip(names, found.rights, strict=True)]
    x = axis("", range=[-0.6, len(places) - 0.4], tickvals=list(range(len(places))), ticktext=ticks, showgrid=False)
    frame = layout(
        "losses.batch", x, axis(words["term"], range=[0, _MOST_TERM]), height=HEIGHT, margin=BARE, showlegend=False
    )
    frame["shapes"] = [rule(found.mean, is_level=True, dash="dash")]
    mean = words["mean"].format(value=f"{found.mean:.3f}")
    frame["annotations"] = [top_note(mean)]
    return {"data": [bars(floats(places).tolist(), shown.tolist(), colours, width=0.55), labels], "layout": frame}


PICTURES: Mapping[str, Picture] = {
    "logits": Picture(logits),
    "probabilities": Picture(probabilities),
    "class_gradient": Picture(gradient),
    "batch": Picture(batch),
}
