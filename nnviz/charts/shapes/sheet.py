"""Pictures side by side, in lines that may have a name."""

from collections.abc import Sequence
from typing import cast

import numpy as np

from nnviz.charts import tiles
from nnviz.charts.chart import Figure
from nnviz.charts.figure import Trace, floats, heat, note, sheet_layout
from nnviz.charts.palette import PICTURE, diverging
from nnviz.charts.shapes.shown import Shown
from nnviz.records.shapes import Sheet
from nnviz.words.charts import PLOT

_LINE_MARGIN_PX = 92


def sheet(found: Sequence[Shown], name: str) -> Figure:
    """Draw the first lane's pictures: grey, or blue above zero and orange below."""
    reading = cast(Sheet, found[0].reading)
    tiled, scale, low, caption = _pixels(reading)
    frame = sheet_layout(name, caption, tiled.pixels.shape)
    traces: list[Trace] = [heat(tiled.pixels, scale, low, 255)]
    if reading.captions:
        traces.append(_captions(reading, tiled))
    if reading.lines:
        frame["margin"]["l"] = _LINE_MARGIN_PX
        frame["annotations"] = _lines(reading, tiled)
    frame["margin"]["b"] = 30 if caption else 10
    return {"data": traces, "layout": frame}


def _pixels(reading: Sheet) -> tuple[tiles.Sheet, list[list[float | str]], int, str]:
    gap = 1 + (reading.images.shape[1] // 4 if reading.captions else 0)
    if not reading.is_signed:
        top = 255 if reading.images.dtype == np.uint8 else 1
        return tiles.tiled(tiles.picture_bytes(reading.images / top), reading.across, gap=gap), PICTURE, 0, ""
    limit = tiles.symmetric_limit(reading.images)
    pixels = tiles.tiled(tiles.signed_bytes(reading.images, limit), reading.across, gap=gap, empty=128)
    return pixels, diverging(), 1, PLOT["full_colour"].format(limit=f"{limit:.2g}")


def _captions(reading: Sheet, tiled: tiles.Sheet) -> Trace:
    rows, columns = reading.images.shape[1:]
    place = {"x": floats(tiled.lefts + (columns - 1) / 2), "y": floats(tiled.tops + rows - 0.5)}
    text = {
        "text": list(map(str, reading.captions)),
        "textposition": "bottom center",
        "textfont": {"size": 13 if reading.across < 4 else 10},
    }
    return {"type": "scatter", "mode": "text", **place, **text, "hoverinfo": "skip", "showlegend": False}


def _lines(reading: Sheet, tiled: tiles.Sheet) -> list[dict[str, object]]:
    """Name each line of pictures at its left."""
    middle = reading.images.shape[1] / 2
    tops = np.unique(tiled.tops)
    place = {"xref": "paper", "yref": "y", "xanchor": "right", "xshift": -4, "font": {"size": 11}}
    return [note(str(text), 0, float(top + middle), **place) for text, top in zip(reading.lines, tops, strict=False)]
