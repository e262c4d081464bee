"""Pieces that all figures share: axes, legend, notes and the figure that waits for data.

Colours of text, paper and grid are the page's; none is set here.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.charts.chart import Figure
from nnviz.charts.palette import Style
from nnviz.records.run import Snapshot
from nnviz.records.status import Status
from nnviz.words.charts import PLOT

Trace = dict[str, Any]
Layout = dict[str, Any]

_MARGIN = {"l": 54, "r": 14, "t": 30, "b": 42}
_WAITING = (Status.READY, Status.STARTING, Status.WAITING, Status.FAILED)


def axis(title: str, **more: Any) -> dict[str, Any]:
    """Describe an axis with a fixed title."""
    return {"title": {"text": title, "standoff": 6}, "zeroline": False, "automargin": False, **more}


def clock_axis(label: str, **more: Any) -> dict[str, Any]:
    """Describe an axis of time, which never starts before zero."""
    return axis(label, rangemode="nonnegative", **more)


def bare_axis(**more: Any) -> dict[str, Any]:
    """Describe an axis without ticks, lines or grid."""
    return {"showgrid": False, "zeroline": False, "showline": False, "showticklabels": False, "ticks": "", **more}


def layout(revision: str, x: dict[str, Any], y: dict[str, Any], **more: Any) -> Layout:
    """Describe a figure's frame; `revision` names the choices that, when changed, reset a reader's zoom."""
    legend = {"orientation": "h", "x": 0, "y": 1.02, "xanchor": "left", "yanchor": "bottom", "font": {"size": 11}}
    margin = {**_MARGIN, "t": _MARGIN["t"] if more.get("showlegend", True) else 10}
    frame = {"margin": margin, "uirevision": revision, "legend": legend, "showlegend": True}
    return {**frame, "hovermode": "closest", "xaxis": x, "yaxis": y, "annotations": [], **more}


def note(text: str, x: float = 0.5, y: float = 0.5, **more: Any) -> dict[str, Any]:
    """Write a text at a share of the plot's width and height."""
    place = {"xref": "paper", "yref": "paper", "x": x, "y": y, "showarrow": False}
    return {"text": text, **place, "font": {"size": 13}, **more}


def top_note(text: str) -> dict[str, Any]:
    """Write a small text at the top of the plot."""
    return note(text, 0.5, 1.0, xanchor="center", yanchor="top", font={"size": 11})


def waiting(snapshot: Snapshot, frame: Layout, text: str = "") -> Figure:
    """Draw the axes alone with a friendly word about what is missing."""
    for name in ("xaxis", "yaxis"):
        frame[name] = {**frame[name], "range": [0, 1], "type": "linear", "showticklabels": False}
        for key in ("dtick", "scaleanchor", "autorange", "tickvals", "ticktext"):
            frame[name].pop(key, None)
    word = text or PLOT[snapshot.status if snapshot.status in _WAITING else "unmeasured"]
    return {"data": [], "layout": {**frame, "annotations": [note(word)]}}


def line(x: NDArray[Any], y: NDArray[Any], style: Style, name: str, width: float = 2, **more: Any) -> Trace:
    """Draw a line; a lone point becomes a dot."""
    stroke = {"color": style.colour, "dash": style.dash, "width": width}
    mode = "lines" if len(x) != 1 else "markers"
    dot = {"color": style.colour, "size": 6}
    return {"type": "scatter", "mode": mode, "x": x, "y": y, "name": name, "line": stroke, "marker": dot, **more}


def heat(z: NDArray[Any], scale: list[list[float | str]], low: float, high: float, **more: Any) -> Trace:
    """Draw a table of numbers as colours between two fixed ends."""
    ends = {"zmin": low, "zmax": high, "colorscale": scale, "showscale": False}
    return {"type": "heatmap", "z": z, **ends, "hoverinfo": "skip", **more}


def beside(at: float, end: float) -> Layout:
    """Place a word beside an upright line on the side where it has room, on an axis from 0 to its end."""
    return {"xanchor": "right", "xshift": -4} if at > end / 2 else {"xanchor": "left", "xshift": 4}


def out_of_reach(figure: Figure) -> Figure:
    """Return a figure on which a hand moves nothing."""
    data = [{name: part for name, part in trace.items() if name != "meta"} for trace in figure["data"]]
    return {"data": data, "layout": {name: part for name, part in figure["layout"].items() if name != "meta"}}


def frames(x: NDArray[Any], y: NDArray[Any], colour: str, width: float = 1) -> Trace:
    """Draw closed outlines that are parted by NaN, in one trace."""
    stroke = {"color": colour, "width": width}
    quiet = {"hoverinfo": "skip", "showlegend": False}
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": stroke, **quiet}


def sheet_layout(revision: str, caption: str, shape: tuple[int, int], **more: Any) -> Layout:
    """Describe the frame of a sheet of pictures: square pixels, top row first, a caption below."""
    rows, columns = shape
    x = bare_axis(title={"text": caption, "standoff": 4}, range=[-1, columns], constrain="domain")
    y = bare_axis(range=[rows, -1], scaleanchor="x", constrain="domain", constraintoward="top")
    margin = {"l": 10, "r": 10, "t": 10, "b": 30}
    return layout(revision, x, y, margin=margin, showlegend=False, **more)


def floats(values: Any) -> NDArray[np.float32]:
    """Turn a sequence into a float32 array."""
    return np.asarray(values, dtype=np.float32)
