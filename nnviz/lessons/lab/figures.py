"""The figures of the lab."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from nnviz.charts.chart import PLAIN_VIEW, Figure
from nnviz.charts.confusion import confusion_matrix
from nnviz.charts.curves import accuracy_curves, loss_curves
from nnviz.charts.facts import number
from nnviz.charts.figure import Trace, axis, bare_axis, floats, heat, layout, line
from nnviz.charts.lesson_figure import Picture, Words
from nnviz.charts.palette import BLUE, CLEAR, FAINT, GREY, ORANGE, RIGHT, SKY, WRONG, Style, diverging, rgba, sequential
from nnviz.charts.parameters import parameter_check
from nnviz.lessons.lab.figures_sheets import HEIGHT, answers, chosen, examples, picture
from nnviz.lessons.lab.results import Answers, Examples, Live, Passage, Split, Start
from nnviz.records.readings import Histogram
from nnviz.records.shapes import Floats

_VIEW = replace(PLAIN_VIEW, clock="epochs", log_loss=True)
_SHOWN = 6  # numbers of a long stage that are written out
_SHORT = 10  # numbers of a stage that are all written out
_HEAD, _ROW, _ROOM = 28, 26, 36  # pixels of a table; heads may take two lines


def class_counts(found: Split, words: Words) -> Figure:
    """Draw how many pictures of each class there are, to train on and to test."""
    names = [str(place) for place in range(len(found.train_classes))]
    bars = [
        _bars(names, found.train_classes, SKY, words["train"]),
        _bars(names, found.test_classes, ORANGE, words["test"]),
    ]
    top = 1.12 * float(found.train_classes.max())
    frame = layout("classes", axis(words["digit"], type="category"), axis(words["pictures"], range=[0, top]))
    return {"data": bars, "layout": {**frame, "barmode": "group", "height": HEIGHT}}


def _bars(names: Sequence[str], counts: "np.ndarray[tuple[int], np.dtype[np.int64]]", colour: str, name: str) -> Trace:
    hover = f"%{{x}}: %{{y:,}} {name}<extra></extra>"
    return {
        "type": "bar", "x": list(names), "y": counts, "name": name, "marker": {"color": colour}, "hovertemplate": hover
    }  # fmt: skip


def values(found: Examples, words: Words) -> Figure:
    """Draw how often each brightness comes among the shown pictures, as the network gets it."""
    low, high = float(found.edges[0]), float(found.edges[-1])
    middles = floats((found.edges[1:] + found.edges[:-1]) / 2)
    x = axis(words["value"], range=[low - 0.1, high + 0.1])
    y = axis(words["count"], type="log", range=[0, 4.4], dtick=1, exponentformat="power")
    hover = "%{x:.2f}: %{y:,}<extra></extra>"
    bars = {"type": "bar", "x": middles, "y": np.maximum(found.counts, 1e-3), "marker": {"color": GREY}}
    frame = layout("values", x, y, showlegend=False, bargap=0.08, height=HEIGHT)
    return {"data": [{**bars, "hovertemplate": hover}], "layout": frame}


def first_weights(found: Start, words: Words) -> Figure:
    """Draw how the first weights of both layers are spread, with the bell that He asks for."""
    traces = []
    reach = 4 * max(found.spreads)
    for place, colour in enumerate((BLUE, ORANGE)):
        middles, heights = _density(found.weights[place])
        name = f"lin_{place + 1}"
        steps = line(middles, heights, Style(colour, "solid"), name, 1.5, fill="tozeroy", fillcolor=rgba(colour, 0.25))
        steps["line"]["shape"] = "hvh"
        x = np.linspace(-reach, reach, 161)
        spread = found.spreads[place]
        bell = np.exp(-0.5 * (x / spread) ** 2) / (spread * math.sqrt(2 * math.pi))
        label = words["bell"].format(layer=name)
        traces += [steps, line(floats(x), floats(bell), Style(colour, "dash"), label, 2)]
    frame = layout("first_weights", axis(words["weight"], range=[-reach, reach]), axis(words["density"]))
    return {"data": traces, "layout": {**frame, "height": HEIGHT}}


def _density(histogram: Histogram) -> tuple[Floats, Floats]:
    edges = np.linspace(histogram.low, histogram.high, len(histogram.counts) + 1)
    width = edges[1] - edges[0]
    return floats((edges[1:] + edges[:-1]) / 2), floats(histogram.counts / (histogram.counts.sum() * width))


def path(found: Passage, words: Words) -> Figure:
    """Draw every stage from x to softmax as a strip of cells, with its shape and real numbers."""
    strips, heads, numbers = [], [], []
    for row, (name, stage) in enumerate(found.stages.items()):
        strips.append(_strip(stage, row, name))
        title = words[f"stage_{name}"].format(shape=f"({len(stage)},)", device=found.device)
        heads.append((title, 0.0, row - 0.34))
        numbers += _numbers(stage, row, words)
    x = bare_axis(range=[0, 1], fixedrange=True)
    y = bare_axis(range=[len(found.stages) - 0.72, -0.62], fixedrange=True)
    frame = layout("path", x, y, margin={"l": 6, "r": 6, "t": 4, "b": 4}, showlegend=False, height=HEIGHT)
    written = [_written(heads, "top right", 12), _written(numbers, "bottom center", 11)]
    return {"data": [*strips, *written], "layout": frame}


def _strip(stage: Floats, row: int, name: str) -> Trace:
    size = float(np.abs(stage).max()) or 1.0
    scale, low = (sequential(), 0.0) if name == "softmax" else (diverging(), -size)
    ends = {"x": floats(np.linspace(0, 1, len(stage) + 1)), "y": floats([row - 0.32, row])}
    return heat(stage[None, :], scale, low, 1.0 if name == "softmax" else size, **ends)


def _numbers(stage: Floats, row: int, words: Words) -> list[tuple[str, float, float]]:
    """Write the numbers below a strip: all of a short one, some from the middle of a long one."""
    count = len(stage)
    is_short = count <= _SHORT
    first = 0 if is_short else count // 2 + count // 56 - _SHOWN // 2
    shown = stage if is_short else stage[first : first + _SHOWN]
    places = (np.arange(len(shown)) + 0.5) / len(shown)
    texts = [number(float(value)) for value in shown]
    if is_short:  # each cell stands for a digit
        digits = [(str(place), float(x), row - 0.29) for place, x in enumerate(places)]
    else:
        texts[0], digits = words["from"].format(index=first) + texts[0], []
    return [*((text, float(x), float(row)) for text, x in zip(texts, places, strict=True)), *digits]


def _written(texts: Sequence[tuple[str, float, float]], position: str, size: float) -> Trace:
    """Write texts in one trace, which costs less than a note each."""
    words, x, y = zip(*texts, strict=True)
    place: Trace = {"x": floats(x), "y": floats(y), "text": list(words), "textposition": position}
    return {"type": "scatter", "mode": "text", **place, "textfont": {"size": size}, "hoverinfo": "skip"}


def probabilities(found: Answers, words: Words) -> Figure:
    """Draw the probability of each class for the chosen picture: the truth green, a wrong answer red."""
    said, truth = found.closer.predicted, found.closer.truth
    names = [str(place) for place in range(len(found.closer.probabilities))]
    colours = [RIGHT if place == truth else WRONG if place == said else GREY for place in range(len(names))]
    bars: Trace = {
        "type": "bar", "x": names, "y": 100 * found.closer.probabilities, "marker": {"color": colours},
        "hovertemplate": "%{x}: %{y:.3g} %<extra></extra>",
    }  # fmt: skip
    y = axis(words["probability"], range=[0, 104], dtick=20)
    frame = layout("probabilities", axis(words["digit"], type="category"), y, showlegend=False, height=HEIGHT)
    return {"data": [bars], "layout": frame}


def losses(found: Live, words: Words) -> Figure:
    """Draw the loss of every update over the epochs, with the test loss."""
    figure = loss_curves(found.snapshot, _VIEW)
    return _over_all_epochs(figure, found)


def accuracies(found: Live, words: Words) -> Figure:
    """Draw the accuracy on training and test pictures over the epochs."""
    return _over_all_epochs(accuracy_curves(found.snapshot, _VIEW), found)


def _over_all_epochs(figure: Figure, found: Live) -> Figure:
    figure["layout"]["xaxis"] |= {"range": [0, found.snapshot.lanes[0].spec.epochs]}
    return figure


def parameters(found: Live, words: Words) -> Figure:
    """Draw the parameters as a table, with how far each has moved."""
    return parameter_check(found.snapshot)


def confusion(found: Live, words: Words) -> Figure:
    """Draw which digit is taken for which, of all test pictures."""
    figure = confusion_matrix(found.snapshot)
    figure["layout"] |= {"height": HEIGHT}
    return figure


def epoch_rows(found: Live) -> list[tuple[str, ...]]:
    """Write the record at the end of each epoch as texts."""
    records = [each for each in found.snapshot.lanes[0].records if each.step and each.epoch == int(each.epoch)]
    return [
        (
            f"{each.epoch:.0f}", f"{each.step:,}", f"{each.train_loss:.4f}", _percent(each.train_accuracy),
            f"{each.test_loss:.4f}", _percent(each.test_accuracy), f"{each.seconds:.1f}",
        )
        for each in records
    ]  # fmt: skip


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.2f} %"


def epochs(found: Live, words: Words) -> Figure:
    """Draw a table with a row for each epoch that is trained."""
    heads = words["epoch_heads"].split("|")
    rows = epoch_rows(found)
    look = {"fill": {"color": CLEAR}, "line": {"color": FAINT, "width": 1}, "align": ["right"] * len(heads)}
    columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in heads]
    table = {
        "type": "table", "header": {"values": [f"<b>{head}</b>" for head in heads], "height": _HEAD, **look},
        "cells": {"values": columns, "height": _ROW, **look},
    }  # fmt: skip
    margin = {"l": 6, "r": 6, "t": 6, "b": 6}
    height = _HEAD + _ROW * max(1, len(rows)) + _ROOM
    frame = {
        "margin": margin,
        "uirevision": "epochs",
        "showlegend": False,
        "annotations": list[object](),
        "height": height,
    }
    return {"data": [table], "layout": frame}


DATA: Mapping[str, Picture] = {
    "examples": Picture(examples), "class_counts": Picture(class_counts), "values": Picture(values)
}  # fmt: skip
BUILD: Mapping[str, Picture] = {"first_weights": Picture(first_weights, width=3)}
FORWARD: Mapping[str, Picture] = {"picture": Picture(picture), "path": Picture(path, width=2)}
CHECK: Mapping[str, Picture] = {"parameters": Picture(parameters, width=3)}
TRAINING: Mapping[str, Picture] = {
    "losses": Picture(losses, width=2, over_time=True),
    "accuracies": Picture(accuracies, over_time=True),
    "epochs": Picture(epochs, width=3),
}
ANSWERS: Mapping[str, Picture] = {
    "answers": Picture(answers), "chosen": Picture(chosen), "probabilities": Picture(probabilities),
    "confusion": Picture(confusion, width=3),
}  # fmt: skip
