"""The lab's pictures: sheets of 25, and one alone."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nnviz.charts import tiles
from nnviz.charts.chart import Figure
from nnviz.charts.figure import Layout, Trace, bare_axis, floats, frames, heat, layout
from nnviz.charts.lesson_figure import Words
from nnviz.charts.palette import BLUE, PICTURE, RIGHT, WRONG
from nnviz.charts.pictures import caption
from nnviz.lessons.lab.results import Answers, Examples, Passage
from nnviz.records.shapes import Floats, Ints

ACROSS = 5
HEIGHT = 350  # pixels
_ROOM, _GAP = 0.44, 0.18  # below and beside a picture, in pictures
_NO_MARGIN = {"l": 6, "r": 6, "t": 6, "b": 6}


def examples(found: Examples, words: Words) -> Figure:
    """Draw training pictures, each with its label."""
    data, frame = _sheet(found.images, [str(label) for label in found.truth])
    return {"data": data, "layout": frame}


def answers(found: Answers, words: Words) -> Figure:
    """Draw test pictures in green or red frames with the network's answer, the chosen one in a bold frame."""
    verdicts = [caption(str(said), str(true)) for said, true in zip(found.predicted, found.truth, strict=True)]
    data, frame = _sheet(found.images, verdicts)
    is_right = found.predicted == found.truth
    for mask, colour, width in ((is_right, RIGHT, 2), (~is_right, WRONG, 3.5)):
        data.append(_frames(found.images, np.flatnonzero(mask), colour, width))
    place = found.closer.index - found.first
    if 0 <= place < len(verdicts):
        data.append(_frames(found.images, np.array([place]), BLUE, 2.5, room=0.07))
    return {"data": data, "layout": {**frame, "meta": {"places": True, "steps": [ACROSS, -(-len(verdicts) // ACROSS)]}}}


def place_at(x: float, y: float, shape: tuple[int, int], count: int) -> int | None:
    """Find the picture of a sheet at a place that was pressed, or None beside all of them."""
    rows, columns = shape
    across, down = int(x // (columns * (1 + _GAP))), int(y // (rows * (1 + _ROOM)))
    place = down * ACROSS + across
    return place if 0 <= across < ACROSS and down >= 0 and place < count else None


def _sheet(images: Floats, captions: Sequence[str]) -> tuple[list[Trace], Layout]:
    count, rows, columns = images.shape
    below, beside = _ROOM * rows, _GAP * columns
    sheet = tiles.tiled(tiles.picture_bytes(images), ACROSS)
    lines = -(-count // ACROSS)
    place = {
        "x": _edges(ACROSS, columns, beside), "y": _edges(lines, rows, below)
    }  # fmt: skip
    tops, lefts = _corners(images)
    text: Trace = {
        "type": "scatter", "mode": "text", "x": floats(lefts + columns / 2), "y": floats(tops + 1.05 * rows),
        "text": list(captions), "textposition": "bottom center", "textfont": {"size": 11}, "hoverinfo": "skip",
        "cliponaxis": False,
    }  # fmt: skip
    width, height = ACROSS * (columns + beside), ACROSS * (rows + below)
    x = bare_axis(range=[-beside, width], constrain="domain", fixedrange=True)
    y = bare_axis(
        range=[height, -0.1 * rows], scaleanchor="x", constrain="domain", constraintoward="top", fixedrange=True
    )
    frame = layout("sheet", x, y, margin=_NO_MARGIN, showlegend=False, height=HEIGHT)
    return [heat(sheet.pixels, PICTURE, 0, 255, **place), text], frame


def _edges(count: int, size: int, gap: float) -> Floats:
    runs = np.arange(count)[:, None] * (size + gap) + np.arange(size + 1)
    return floats(np.append(runs.ravel(), count * (size + gap)))


def _corners(images: Floats) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    count, rows, columns = images.shape
    rank = np.arange(count)
    return rank // ACROSS * rows * (1 + _ROOM), rank % ACROSS * columns * (1 + _GAP)


def _frames(images: Floats, chosen: Ints | NDArray[np.intp], colour: str, width: float, room: float = 0.0) -> Trace:
    """Outline some pictures of a sheet, a share of their size outside."""
    _, rows, columns = images.shape
    tops, lefts = _corners(images)
    edge_x = np.array([-room, 1 + room, 1 + room, -room, -room, np.nan]) * columns
    edge_y = np.array([-room, -room, 1 + room, 1 + room, -room, np.nan]) * rows
    x, y = np.add.outer(lefts[chosen], edge_x).ravel(), np.add.outer(tops[chosen], edge_y).ravel()
    return frames(floats(x), floats(y), colour, width)


def picture(found: Passage, words: Words) -> Figure:
    """Draw the picture that goes forward, with what it is."""
    return _alone(found.image, words["is"].format(index=f"{found.index:,}", truth=found.truth))


def chosen(found: Answers, words: Words) -> Figure:
    """Draw the chosen test picture, with what it is and what the network says."""
    closer = found.closer
    sentence = words["said_right" if closer.is_right else "said_wrong"].format(
        index=f"{closer.index:,}", truth=closer.truth, said=closer.predicted, sure=f"{closer.probabilities.max():.0%}"
    )
    figure = _alone(closer.image, sentence)
    box = np.array([0, 1, 1, 0, 0])
    rows, columns = closer.image.shape
    outline = frames(floats(box * columns), floats(np.roll(box, 1) * rows), RIGHT if closer.is_right else WRONG, 4)
    figure["data"].append(outline)
    return figure


def _alone(image: Floats, sentence: str) -> Figure:
    rows, columns = image.shape
    ends = {"x": floats(np.arange(columns + 1)), "y": floats(np.arange(rows + 1))}
    x = bare_axis(
        range=[-0.5, columns + 0.5], constrain="domain", fixedrange=True, title={"text": sentence, "standoff": 6}
    )
    y = bare_axis(range=[rows + 0.5, -0.5], scaleanchor="x", constrain="domain", constraintoward="top", fixedrange=True)
    margin = {**_NO_MARGIN, "b": 34}
    frame = layout("alone", x, y, margin=margin, showlegend=False, height=HEIGHT)
    return {"data": [heat(tiles.picture_bytes(image), PICTURE, 0, 255, **ends)], "layout": frame}
