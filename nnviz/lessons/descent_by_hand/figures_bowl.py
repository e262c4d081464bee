"""The loss over w and b: from above and in space, with the path of the descent."""

from typing import Any

import numpy as np

from nnviz.charts import relief
from nnviz.charts.chart import Figure
from nnviz.charts.descent import LEVELS, SEE_THROUGH, SOLID
from nnviz.charts.figure import Trace, axis, floats, layout, line
from nnviz.charts.lesson_figure import Words
from nnviz.charts.palette import FAINT, GREY, Style
from nnviz.lessons.descent_by_hand.figures_look import HEIGHT, NOW, PATH, QUIET, STAR, UNNAMED
from nnviz.lessons.descent_by_hand.results import Found
from nnviz.records.descent import Terrain
from nnviz.records.run import Doubles

_FAR = 100.0  # places beyond are drawn here: outside of every picture, near enough for the screen's numbers
_DOTS = 60  # a longer path is drawn without its points


def contour(found: Found, words: Words) -> Figure:
    """Draw the path over lines of equal loss, and where the next step goes."""
    step, fit = found.step, found.fit
    path = _near(found.path)
    ahead = _near(np.array([[step.w, step.b], step.after]))
    traces = [
        _ground(fit.terrain),
        _mark([[fit.w, fit.b]], STAR, words["best"]),
        {**line(*_columns(path), PATH, words["path"], 2), "mode": _mode(path), "marker": {"size": 5}, **QUIET},
        {**line(*_columns(ahead), Style(PATH.colour, "dot"), words["next"], 2.5), **QUIET},
        {**_mark(path[-1:], NOW, words["now"]), **UNNAMED},
        {**_mark(found.path[:1], _START, words["start"]), **UNNAMED, "meta": {"start": True}},
    ]
    ends = {"range": list(fit.terrain.x), "showgrid": False}
    ways = {"dragmode": False, "meta": {"places": True}, "height": HEIGHT}
    return {"data": traces, "layout": layout("contour", axis("w", **ends), axis("b", **ends), **ways)}


_START = {"symbol": "x", "size": 11, "color": GREY, "line": {"color": "white", "width": 1.5}}


def _mode(path: Doubles) -> str:
    return "lines+markers" if len(path) <= _DOTS else "lines"


def _mark(place: Any, marker: dict[str, Any], name: str) -> Trace:
    (w, b), *_ = np.clip(np.asarray(place, dtype=float), -_FAR, _FAR)
    hover = {"hovertemplate": f"{name}<br>w %{{x:.4g}}, b %{{y:.4g}}<extra></extra>"}
    spot = {"x": floats([w]), "y": floats([b])}
    return {"type": "scatter", "mode": "markers", **spot, "marker": marker, "name": name, **hover}


def _near(path: Doubles) -> Doubles:
    """Pull far places in along their direction, so that a stroke that leaves the picture still points their way."""
    size = np.maximum(np.abs(path).max(axis=1, keepdims=True) / _FAR, 1)
    pulled: Doubles = path / size
    return pulled


def _columns(path: Doubles) -> tuple[Any, Any]:
    return floats(path[:, 0]), floats(path[:, 1])


def _ground(terrain: Terrain) -> Trace:
    """Draw lines of equal loss, closer where it is steeper, shades for the height."""
    rows, columns = terrain.heights.shape
    place = {"x0": terrain.x[0], "dx": (terrain.x[1] - terrain.x[0]) / (columns - 1)}
    place |= {"y0": terrain.y[0], "dy": (terrain.y[1] - terrain.y[0]) / (rows - 1)}
    size = relief.TOP / LEVELS
    bands = {"coloring": "heatmap", "start": size / 2, "end": relief.TOP, "size": size}
    look = {"colorscale": SEE_THROUGH, "showscale": False, "line": {"color": FAINT, "width": 1}, "contours": bands}
    ends = {"zmin": 0, "zmax": relief.TOP, "autocontour": False, **UNNAMED, **QUIET}
    return {"type": "contour", "z": relief.steps_of(terrain), "name": terrain.label, **place, **look, **ends}


def bowl(found: Found, words: Words) -> Figure:
    """Draw the loss as a bowl in space, and the path on its wall as far as it is over the ground shown."""
    terrain = found.fit.terrain
    w, b = (floats(np.linspace(*ends, count)) for ends, count in _axes(terrain))
    quiet = {"showscale": False, "name": terrain.label, **UNNAMED, **QUIET}
    light = {"lighting": {"ambient": 0.75, "diffuse": 0.5, "specular": 0.05}}
    ground = {"type": "surface", "x": w, "y": b, "z": relief.steps_of(terrain), "colorscale": SOLID, "opacity": 0.9}
    way = _in_space(found.path, found.losses, terrain)
    stroke = {"mode": "lines+markers", "line": {"color": PATH.colour, "width": 6}}
    small = {"size": 2.5, "color": PATH.colour}
    best = _in_space(np.array([[found.fit.w, found.fit.b]]), np.array([found.fit.loss]), terrain)
    star = {"mode": "markers", "marker": {"symbol": "diamond", "size": 5, "color": STAR["color"]}}
    now = {"mode": "markers", "marker": {"size": 5, "color": PATH.colour, "line": {"color": "white", "width": 1}}}
    traces = [
        {**ground, **quiet, **light},
        {**way, **stroke, "marker": small, "name": words["path"]},
        {**best, **star, "name": words["best"]},
        {**{key: part[-1:] if key in "xyz" else part for key, part in way.items()}, **now, "name": words["now"]},
    ]
    return {"data": traces, "layout": _space(terrain, words)}


def _axes(terrain: Terrain) -> tuple[tuple[tuple[float, float], int], ...]:
    rows, columns = terrain.heights.shape
    return (terrain.x, columns), (terrain.y, rows)


def _in_space(path: Doubles, values: Doubles, terrain: Terrain) -> Trace:
    """Place a path a little above the ground; nan where there is none below."""
    w, b = path.T
    is_off = (w < terrain.x[0]) | (w > terrain.x[1]) | (b < terrain.y[0]) | (b > terrain.y[1])
    height = np.where(is_off, np.nan, relief.heights_of(terrain, values) + relief.TOP / 80)
    near = _near(path)
    place = {"x": floats(near[:, 0]), "y": floats(near[:, 1]), "z": floats(height)}
    return {"type": "scatter3d", "hoverinfo": "name", **UNNAMED, **place}


def _space(terrain: Terrain, words: Words) -> dict[str, Any]:
    wall = {"backgroundcolor": "rgba(0,0,0,0)", "gridcolor": FAINT, "zeroline": False, "showspikes": False}
    scene = {
        "xaxis": {**wall, "title": {"text": "w"}, "range": list(terrain.x)},
        "yaxis": {**wall, "title": {"text": "b"}, "range": list(terrain.y)},
        "zaxis": {**wall, "title": {"text": words["height"]}, "range": [0, 1.02 * relief.TOP], **relief.ticks(terrain)},
        "camera": {"eye": {"x": -1.1, "y": -1.35, "z": 1.0}, "center": {"x": 0, "y": 0, "z": -0.2}},
        "aspectmode": "manual",
        "aspectratio": {"x": 1, "y": 1, "z": 0.6},
    }
    margin = {"l": 0, "r": 0, "t": 0, "b": 0}
    frame = layout("bowl", {}, {}, margin=margin, height=HEIGHT, showlegend=False)
    del frame["xaxis"], frame["yaxis"]
    return {**frame, "scene": scene}
