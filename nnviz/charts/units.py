"""Small pictures of what each hidden unit makes of the plane."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from nnviz.charts import facts, tiles
from nnviz.charts.chart import PLAIN_VIEW, Figure, View
from nnviz.charts.figure import frames, heat, sheet_layout, waiting
from nnviz.charts.palette import FAINT, diverging
from nnviz.records.run import Snapshot
from nnviz.records.shapes import Floats
from nnviz.words.charts import PLOT

_MAP_PIXELS = 16_000  # of all hidden units together
_ASPECT = 1.3  # width of the drawing area over its height


class Maps(NamedTuple):
    """Hidden units' maps in one picture: the sheet, one map's rows and columns, the name of each line of maps."""

    sheet: tiles.Sheet
    shape: tuple[int, int]
    names: list[str]


def maps_across(sizes: Sequence[int]) -> int:
    """Choose how many maps stand side by side so that each is drawn as large as can be."""

    def room(across: int) -> float:
        lines = sum(math.ceil(size / across) for size in sizes)
        return min(_ASPECT / across, 1 / lines)

    return max(range(1, max(sizes) + 1), key=room)


def hidden_sheet(hidden: tuple[Floats, ...]) -> Maps:
    """Lay every unit's map out as signed bytes: each layer starts a line, a long one takes several.

    Only a layer's first line is named; places without a unit are blank and have no frame.
    """
    side = max(8, math.isqrt(_MAP_PIXELS // sum(len(maps) for maps in hidden)))
    wide = maps_across([len(maps) for maps in hidden])
    padded = [_padded(_signed_maps(maps, side), wide) for maps in hidden]
    lines = [len(maps) // wide for maps in padded]
    names = [
        name for at, count in enumerate(lines, 1) for name in (PLOT["layer"].format(number=at), *[""] * (count - 1))
    ]
    real = np.concatenate([np.arange(len(full)) < len(maps) for full, maps in zip(padded, hidden, strict=True)])
    pictures = np.concatenate(padded)
    shape = (pictures.shape[1], pictures.shape[2])
    pixels, tops, lefts = tiles.tiled(pictures, wide, max(1, side // 8), empty=128)
    return Maps(tiles.Sheet(pixels, tops[real], lefts[real]), shape, names)


def _padded(maps: tiles.Bytes, across: int) -> tiles.Bytes:
    """Fill a layer's last line up with blank maps."""
    blank = np.full((-len(maps) % across, *maps.shape[1:]), 128, dtype=np.uint8)
    return np.concatenate([maps, blank])


def _signed_maps(maps: Floats, side: int) -> tiles.Bytes:
    upright = tiles.shrunk(maps, side)[:, ::-1]
    return tiles.signed_bytes(upright, tiles.symmetric_limit(maps))


def hidden_unit_maps(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
    """Draw each hidden unit's own output over the plane of inputs, all in one picture."""
    found = facts.latest(snapshot, lambda record: record.field)
    if not found or not any(len(maps) for maps in found.hidden):
        word = PLOT["no_hidden"] if found else ""
        return waiting(snapshot, sheet_layout("hidden_units", "", (10, 10)), word)
    sheet, shape, names = hidden_sheet(tuple(maps for maps in found.hidden if len(maps)))
    rows, columns = sheet.pixels.shape
    frame = sheet_layout("hidden_units", "", (rows, columns))
    line_height = rows // len(names)
    ticks = {"tickvals": [at * line_height + shape[0] // 2 for at in range(len(names))], "ticktext": names}
    frame["yaxis"] |= {**ticks, "showticklabels": True}
    frame["margin"] |= {"l": 54, "b": 10}
    edges = tiles.outlines(sheet.tops, sheet.lefts, shape)
    return {"data": [heat(sheet.pixels, diverging(), 1, 255), frames(*edges, FAINT)], "layout": frame}
