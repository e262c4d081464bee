"""Sheets of pictures: the gallery of test pictures and the first layer's weights."""

import math
from collections.abc import Callable, Sequence

import numpy as np

from nnviz.charts import facts, tiles
from nnviz.charts.chart import PLAIN_VIEW, Figure, View
from nnviz.charts.figure import Trace, floats, frames, heat, sheet_layout, waiting
from nnviz.charts.palette import FAINT, PICTURE, RIGHT, WRONG, diverging
from nnviz.records.readings import Gallery
from nnviz.records.run import Record, Snapshot
from nnviz.records.shapes import Floats
from nnviz.words.charts import NO_MISTAKES, PLOT
from nnviz.words.language import say

_ACROSS = 7  # pictures in a line of the gallery
_MOST_PICTURES = 25
_SHEET_PIXELS = 12_700  # of all filters together
_MOST_FILTERS = 64
_SHORT_NAME = 2  # letters up to which a verdict stays on one line
_LONG_NAME = 8


def caption(predicted: str, truth: str) -> str:
    """Write a picture's verdict: a tick and the answer, or a cross, the answer and the truth."""
    if predicted == truth:
        return f"✓ {_brief(truth)}"
    gap = ", " if max(len(predicted), len(truth)) <= _SHORT_NAME else "<br>"
    return f"✗ {_brief(predicted)}{gap}{PLOT['verdict'].format(truth=_brief(truth))}"


def _brief(name: str) -> str:
    return name if len(name) <= _LONG_NAME else name[: _LONG_NAME - 1] + "…"


def _class_name(classes: Sequence[str], index: int) -> str:
    return classes[index] if 0 <= index < len(classes) else str(index)


def worst_pictures(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
    """Draw the test pictures that are taken for something else, worst first; a word where there are none."""
    found = facts.latest(snapshot, lambda record: record.gallery)
    if found is not None and not len(found.images):
        return waiting(snapshot, sheet_layout("gallery", "", (10, 10)), say(NO_MISTAKES))
    return _answers(snapshot, "gallery", lambda record: record.gallery)


def sample_pictures(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
    """Draw the same test pictures always, framed and ticked by whether the answer is right."""
    return _answers(snapshot, "sample", lambda record: record.sample)


def _answers(snapshot: Snapshot, name: str, of: Callable[[Record], Gallery | None]) -> Figure:
    found = facts.latest(snapshot, of)
    images = found.images if found else snapshot.scene.image if snapshot.scene else None
    if images is None or not len(images):
        return waiting(snapshot, sheet_layout(name, "", (10, 10)))
    images = images[:_MOST_PICTURES]
    names = facts.class_names(snapshot.scene)
    room = 0.2 if not found else 0.6 if max(map(len, names), default=0) > _SHORT_NAME else 0.4
    sheet, place, size = _gallery_sheet(images, room)
    frame = sheet_layout(name, "", size)
    frame["margin"]["b"] = 10
    verdicts = _verdicts(found, snapshot, sheet, images.shape[1:]) if found else []
    return {"data": [heat(sheet.pixels, PICTURE, 0, 255, **place), *verdicts], "layout": frame}


def _gallery_sheet(images: Floats, room: float) -> tuple[tiles.Sheet, Trace, tuple[int, int]]:
    """Lay the pictures out with `room` (of their height) below; also the pixels' edges and the whole's size."""
    count, rows, columns = images.shape
    below = math.ceil(room * rows)
    beside = max(1, columns // 5)
    lines = math.ceil(count / _ACROSS)
    rank = np.arange(count, dtype=np.int32)
    pixels = tiles.tiled(tiles.picture_bytes(images), _ACROSS).pixels
    sheet = tiles.Sheet(pixels, rank // _ACROSS * (rows + below), rank % _ACROSS * (columns + beside))
    place = {"x": tiles.edges(_ACROSS, columns, beside), "y": tiles.edges(lines, rows, below)}
    return sheet, place, (lines * (rows + below), _ACROSS * (columns + beside))


def _verdicts(gallery: Gallery, snapshot: Snapshot, sheet: tiles.Sheet, shape: tuple[int, int]) -> list[Trace]:
    classes = facts.class_names(snapshot.scene)
    count = len(sheet.tops)
    is_right = gallery.truth[:count] == gallery.predicted[:count]
    names = [
        (_class_name(classes, int(guess)), _class_name(classes, int(truth)))
        for guess, truth in zip(gallery.predicted[:count], gallery.truth[:count], strict=True)
    ]
    traces = []
    for mask, colour, width in ((is_right, RIGHT, 1.5), (~is_right, WRONG, 3)):
        if mask.any():
            edges = tiles.outlines(sheet.tops[mask], sheet.lefts[mask], shape)
            traces += [frames(*edges, colour, width)]
    return [*traces, _captions(names, gallery.confidence[:count], sheet, shape)]


def _captions(names: list[tuple[str, str]], sure: Floats, sheet: tiles.Sheet, shape: tuple[int, int]) -> Trace:
    rows, columns = shape
    place = {"x": floats(sheet.lefts + (columns - 1) / 2), "y": floats(sheet.tops + rows)}
    verdicts = [PLOT["says"].format(prediction=predicted, truth=truth) for predicted, truth in names]
    hover = {"customdata": floats(100 * np.nan_to_num(sure)), "hovertext": verdicts}
    text = {"text": [caption(*pair) for pair in names], "textposition": "bottom center", "textfont": {"size": 10}}
    confidence = PLOT["confidence"].format(share="%{customdata:.0f}")
    shown = {"hovertemplate": f"%{{hovertext}}<br>{confidence}<extra></extra>", "showlegend": False}
    return {"type": "scatter", "mode": "text", **place, **text, **hover, **shown, "cliponaxis": False}


def shown_filters(units: int, rows: int, columns: int) -> int:
    """Return how many first-layer pictures fit on a sheet: no more than its pixels allow, at most 64."""
    return max(1, min(units, _MOST_FILTERS, _SHEET_PIXELS // ((rows + 1) * (columns + 1))))


def filter_sheet(filters: Floats) -> tuple[tiles.Sheet, float]:
    """Lay the first units' weights out as signed bytes around zero; also the weight at full colour."""
    count = shown_filters(*filters.shape)
    limit = tiles.symmetric_limit(filters[:count])
    across = min(count, math.ceil(math.sqrt(1.5 * count)))
    return tiles.tiled(tiles.signed_bytes(filters[:count], limit), across, empty=128), limit


def first_layer_filters(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
    """Draw each first-layer unit's weights as a picture, blue where it looks for ink, orange where it shuns it."""
    found = facts.latest(snapshot, lambda record: record.filters)
    if found is None or not len(found):
        return waiting(snapshot, sheet_layout("filters", "", (10, 10)))
    sheet, limit = filter_sheet(found)
    text = PLOT["filters"].format(count=len(sheet.tops), limit=facts.number(limit))
    edges = tiles.outlines(sheet.tops, sheet.lefts, found.shape[1:])
    traces = [heat(sheet.pixels, diverging(), 1, 255), frames(*edges, FAINT)]
    return {"data": traces, "layout": sheet_layout("filters", text, sheet.pixels.shape)}
