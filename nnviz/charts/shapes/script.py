"""A text as a network wrote it, in letters of equal width."""

import html
import textwrap
from collections.abc import Sequence
from typing import cast

from nnviz.charts.chart import Figure
from nnviz.charts.figure import bare_axis, layout, note
from nnviz.charts.palette import GREY
from nnviz.charts.shapes.shown import Shown
from nnviz.records.shapes import Script

_ACROSS = 42  # letters of a line
_MOST_LINES = 15


def script(found: Sequence[Shown], name: str) -> Figure:
    """Draw the first lane's text, what was given in grey."""
    reading = cast(Script, found[0].reading)
    fixed = {"fixedrange": True, "range": [0, 1]}
    frame = layout(
        name, bare_axis(**fixed), bare_axis(**fixed), showlegend=False, margin={"l": 8, "r": 8, "t": 8, "b": 8}
    )
    font = {"size": 13, "family": "monospace"}
    words = note(_written(reading), 0, 1, xanchor="left", yanchor="top", align="left", font=font)
    nothing = {"type": "scatter", "mode": "markers", "x": [], "y": [], "hoverinfo": "skip", "showlegend": False}
    return {"data": [nothing], "layout": {**frame, "annotations": [words]}}


def _written(reading: Script) -> str:
    """Break both parts into lines of one width; the given part is grey."""
    lines = wrapped(reading.given + reading.text)
    left, shown = len(reading.given), []
    for line in lines:
        given, own = line[: max(0, left)], line[max(0, left) :]
        shown.append(
            f'<span style="color:{GREY}">{html.escape(given)}</span>{html.escape(own)}' if given else html.escape(own)
        )
        left -= len(line) + 1
    return "<br>".join(shown)


def wrapped(text: str) -> list[str]:
    """Break a text at its own line ends, and lines that are too long at a space."""
    lines: list[str] = []
    for line in text.split("\n"):
        lines += textwrap.wrap(line, _ACROSS, drop_whitespace=True) or [""]
    return lines[:_MOST_LINES]
