"""Pieces that the figures of the lesson on losses share."""

from collections.abc import Sequence
from typing import Any

from nnviz.charts.figure import Trace, floats, line
from nnviz.charts.palette import BLUE, CLEAR, GREEN, GREY, VERMILLION, Style, rgba
from nnviz.records.run import Doubles

SQUARED, ABSOLUTE, HUBER = Style(VERMILLION, "solid"), Style(BLUE, "dash"), Style(GREEN, "dashdot")
HEIGHT = 330
TIGHT = {"l": 46, "r": 10, "t": 34, "b": 42}
BARE = {**TIGHT, "t": 14}  # without a legend


def dots(x: Sequence[float], y: Sequence[float], colour: str, name: str = "", **more: Any) -> Trace:
    """Draw dots, in the legend only if they have a name."""
    marker = {"color": colour, "size": 9, **more.pop("marker", {})}
    shown = {"name": name, "showlegend": bool(name)}
    return {"type": "scatter", "mode": "markers", "x": floats(x), "y": floats(y), "marker": marker, **shown, **more}


def curve(x: Doubles, y: Doubles, style: Style, name: str, width: float = 2.5, **more: Any) -> Trace:
    """Draw a curve with all of its points: the plot library's own thinning shows as corners."""
    trace = line(floats(x), floats(y), style, name, width, **more)
    trace["line"]["simplify"] = False
    return trace


def handles(x: Sequence[float], y: Sequence[float], name: str, way: str, **marker: Any) -> Trace:
    """Draw dots that a hand can move; `way` is "x", "y" or "xy"."""
    look = {"size": 15, "line": {"color": "#ffffff", "width": 1.5}, **marker}
    return dots(
        x, y, look.pop("color", GREY), marker=look, meta={"handle": {"name": name, "axis": way}}, hoverinfo="skip"
    )


def knob(x: float, y: float, name: str) -> Trace:
    """Draw a small arrow on an axis that a hand can push along it."""
    return handles([x], [y], name, "x", symbol="triangle-up", size=16)


def rule(at: float, *, is_level: bool = False, dash: str = "dot") -> dict[str, Any]:
    """Draw a thin line across the whole plot, upright or level."""
    across, along = ("y", "x") if is_level else ("x", "y")
    ends = {f"{across}0": at, f"{across}1": at, f"{along}ref": "paper", f"{along}0": 0, f"{along}1": 1}
    return {"type": "line", **ends, "line": {"color": rgba(GREY, 0.9), "dash": dash, "width": 1.3}, "layer": "below"}


def bars(x: Sequence[float], y: Sequence[float], colours: Sequence[str] | str, **more: Any) -> Trace:
    """Draw bars from zero."""
    look = {"color": colours, "line": {"color": CLEAR, "width": 0}}
    return {"type": "bar", "x": floats(x), "y": floats(y), "marker": look, "showlegend": False, **more}
