"""A descent on a surface: its trails from above, in space, and how far each still is."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.charts import facts, relief
from nnviz.charts.arrows import arrows, within
from nnviz.charts.chart import Chart, Figure
from nnviz.charts.figure import Layout, Trace, axis, floats, layout, line, top_note
from nnviz.charts.palette import FAINT, GREY, Scale, Style, rgba, styles
from nnviz.records.descent import Descent, Terrain, Trail
from nnviz.words.charts import PLOT
from nnviz.words.language import say

LEVELS = 26  # lines of equal height
GROUND = "#5B6FA8"
SEE_THROUGH: Scale = [[0.0, rgba(GROUND, 0.5)], [1.0, rgba(GROUND, 0.0)]]  # so that any page shows
SOLID: Scale = [[0.0, "#3B4A7A"], [0.5, "#8E9CC7"], [1.0, "#E3E7F3"]]
HEIGHT = 460  # pixels of the two pictures side by side; who is who stands above them and below
CLOSEST = 1e-12  # distances below are drawn as this


def contour(descent: Descent, internals: str | None = None) -> Figure:
    """Draw the trails over lines of equal height; `internals` names the lane whose arrows are drawn."""
    terrain = descent.terrain
    traces = [_ground(terrain), *_minima(terrain)]
    traces += [trace for trail, style in _styled(descent) for trace in _trail(trail, terrain, style)]
    traces.append(_start(descent))  # on top, so that it can always be taken hold of
    for trail in descent.trails:
        if trail.label == internals:
            traces += arrows(trail, terrain)
    return {"data": traces, "layout": _plane(descent)}


def terrain_3d(descent: Descent, internals: str | None = None) -> Figure:
    """Draw the trails on the surface in space; they end where they leave the ground shown."""
    terrain = descent.terrain
    x, y = (floats(np.linspace(*ends, count)) for ends, count in zip(_ends(terrain), _counts(terrain), strict=True))
    heights = np.asarray(relief.steps_of(terrain), dtype=np.uint16)
    quiet = {"showscale": False, "hoverinfo": "skip", "showlegend": False, "name": say(terrain.label)}
    light = {"lighting": {"ambient": 0.75, "diffuse": 0.5, "specular": 0.05}}
    ground = {"type": "surface", "x": x, "y": y, "z": heights, "colorscale": SOLID, "opacity": 0.9, **quiet, **light}
    trails = [trace for trail, style in _styled(descent) for trace in _trail_3d(trail, terrain, style)]
    return {"data": [ground, *trails], "layout": _space(descent)}


def distances(descent: Descent, internals: str | None = None) -> Figure:
    """Draw each lane's distance to the nearest minimum over the steps, or its value where there is no minimum."""
    terrain = descent.terrain
    has_minima = bool(len(terrain.minima))
    lines = [_distance(trail, style, terrain) for trail, style in _styled(descent)]
    low, high = _span(terrain, [trace["y"] for trace in lines])
    x = axis(PLOT["step"], range=[0, descent.spec.steps])
    frame = layout(f"distances {descent.spec.surface}", x, _distance_axis(has_minima, low, high))
    gone = [
        PLOT["diverged_at_step"].format(lane=trail.label, step=trail.diverged_at)
        for trail in descent.trails
        if trail.diverged_at
    ]
    frame["annotations"] = [top_note("<br>".join(gone))] if gone else []
    return {"data": [*lines, _now(descent.spec.steps, low, high)], "layout": frame}


def _styled(descent: Descent) -> list[tuple[Trail, Style]]:
    looks = styles([trail.choice.name for trail in descent.trails])
    return list(zip(descent.trails, looks, strict=True))


def _ends(terrain: Terrain) -> tuple[tuple[float, float], tuple[float, float]]:
    return terrain.x, terrain.y


def _counts(terrain: Terrain) -> tuple[int, int]:
    rows, columns = terrain.heights.shape
    return columns, rows


def _ground(terrain: Terrain) -> Trace:
    columns, rows = _counts(terrain)
    place = {"x0": terrain.x[0], "dx": (terrain.x[1] - terrain.x[0]) / (columns - 1)}
    place |= {"y0": terrain.y[0], "dy": (terrain.y[1] - terrain.y[0]) / (rows - 1)}
    size = relief.TOP / LEVELS
    bands = {"coloring": "heatmap", "start": size / 2, "end": relief.TOP, "size": size}
    look = {"colorscale": SEE_THROUGH, "showscale": False, "line": {"color": FAINT, "width": 1}, "contours": bands}
    ends = {"zmin": 0, "zmax": relief.TOP, "autocontour": False, "hoverinfo": "skip", "name": say(terrain.label)}
    return {"type": "contour", "z": relief.steps_of(terrain), **place, **look, **ends}


def _minima(terrain: Terrain) -> list[Trace]:
    if not len(terrain.minima):
        return []
    star = {"symbol": "star", "size": 19, "color": "#F2B701", "line": {"color": "#5A4500", "width": 1}}
    place = {"x": floats(terrain.minima[:, 0]), "y": floats(terrain.minima[:, 1])}
    return [{"type": "scatter", "mode": "markers", "marker": star, **place, **_named(PLOT["minimum"])}]


def _start(descent: Descent) -> Trace:
    cross = {"symbol": "x", "size": 11, "color": GREY, "line": {"color": "white", "width": 1.5}}
    place = {"x": floats(descent.trails[0].points[:1, 0]), "y": floats(descent.trails[0].points[:1, 1])}
    meta = {"meta": {"start": True}}
    return {"type": "scatter", "mode": "markers", "marker": cross, **place, **_named(PLOT["start"]), **meta}


def _named(name: str) -> dict[str, str]:
    return {"name": name, **_hover(name)}


def _hover(name: str) -> dict[str, str]:
    return {"hovertemplate": f"{name}<br>x %{{x:.4g}}, y %{{y:.4g}}<extra></extra>"}


def _trail(trail: Trail, terrain: Terrain, style: Style) -> list[Trace]:
    """Draw a trail up to the step shown, and the point of that step."""
    x, y = (floats(column) for column in within(trail.points, terrain).T)
    group = {"legendgroup": trail.label}
    head = {"meta": {"lane": trail.label, "playback": {"kind": "head"}}, **group, **_hover(trail.label)}
    way = {**line(x, y, style, trail.label, 2.5), "mode": "lines", "showlegend": False, **head}
    dot = {"size": 11, "color": style.colour, "line": {"color": "white", "width": 1.5}}
    now = {"meta": {"lane": trail.label, "playback": {"kind": "now"}}, **group, "showlegend": False}
    point = {"type": "scatter", "mode": "markers", "x": x, "y": y, "name": trail.label, "marker": dot, **now}
    return [way, {**point, **_hover(trail.label)}]


def _plane(descent: Descent) -> Layout:
    terrain = descent.terrain
    box = {"constrain": "domain", "showgrid": False}
    x = axis("x", range=list(terrain.x), **box)
    y = axis("y", range=list(terrain.y), scaleanchor="x", **box)
    ways = {"dragmode": False, "meta": {"places": True}}
    margin = {"l": 44, "r": 10, "t": 10, "b": 38}
    # Beside a square plane there is room for the names; over a wide one they are see-through.
    names = {"orientation": "v", "x": 0.995, "y": 0.995, "xanchor": "right", "yanchor": "top", "font": {"size": 11}}
    names["bgcolor"] = "rgba(140,140,140,0.12)"
    return layout(f"contour {descent.spec.surface}", x, y, margin=margin, height=HEIGHT, legend=names, **ways)


def _trail_3d(trail: Trail, terrain: Terrain, style: Style) -> list[Trace]:
    """Draw a trail a little above the ground; nan where it is beyond the ground shown."""
    x, y = trail.points.T
    is_off = (x < terrain.x[0]) | (x > terrain.x[1]) | (y < terrain.y[0]) | (y > terrain.y[1])
    height = np.where(is_off, np.nan, relief.heights_of(terrain, trail.values) + relief.TOP / 80)
    place = {"x": floats(within(trail.points, terrain)[:, 0]), "y": floats(within(trail.points, terrain)[:, 1])}
    place["z"] = floats(height)
    more: dict[str, Any] = {"type": "scatter3d", "name": trail.label, "legendgroup": trail.label, "hoverinfo": "name"}
    stroke = {"color": style.colour, "width": 6}  # dashes of a line in space flicker while it grows
    dot = {"size": 5, "color": style.colour, "line": {"color": "white", "width": 1}}
    head, now = ({"lane": trail.label, "playback": {"kind": kind}} for kind in ("head", "now"))
    return [
        {**more, **place, "mode": "lines", "line": stroke, "meta": head},
        {**more, **place, "mode": "markers", "marker": dot, "showlegend": False, "meta": now},
    ]


def _space(descent: Descent) -> Layout:
    terrain = descent.terrain
    ground = {"backgroundcolor": "rgba(0,0,0,0)", "gridcolor": FAINT, "zeroline": False, "showspikes": False}
    word = PLOT["squeezed_height" if relief.is_squeezed(terrain) else "height"]
    scene = {
        "xaxis": {**ground, "title": {"text": "x"}, "range": list(terrain.x)},
        "yaxis": {**ground, "title": {"text": "y"}, "range": list(terrain.y)},
        "zaxis": {**ground, "title": {"text": word}, "range": [0, 1.02 * relief.TOP], **relief.ticks(terrain)},
        "camera": {"eye": {"x": -1.4, "y": -1.65, "z": 1.15}, "center": {"x": 0, "y": 0, "z": -0.15}},
        "aspectmode": "manual",
        "aspectratio": {"x": 1, "y": (terrain.y[1] - terrain.y[0]) / (terrain.x[1] - terrain.x[0]), "z": 0.55},
    }
    margin = {"l": 0, "r": 0, "t": 0, "b": 0}
    frame = layout(f"terrain {descent.spec.surface}", {}, {}, margin=margin, height=HEIGHT, showlegend=False)
    del frame["xaxis"], frame["yaxis"]
    return {**frame, "scene": scene}


def _distance(trail: Trail, style: Style, terrain: Terrain) -> Trace:
    shown = np.maximum(trail.distances, CLOSEST) if len(terrain.minima) else trail.values
    more: dict[str, Any] = {"meta": {"lane": trail.label}, "legendgroup": trail.label}
    limit = float(np.finfo(np.float32).max)
    y = floats(np.clip(shown, -limit, limit))
    more["hovertemplate"] = PLOT["stepped"].format(lane=trail.label, step="%{x}", value="%{y:.3g}") + "<extra></extra>"
    trace = line(y, y, style, trail.label, **more)
    del trace["x"]  # steps count from 0, which the plot library does by itself
    return trace


def _span(terrain: Terrain, lines: list[NDArray[Any]]) -> tuple[float, float]:
    """Return the lowest and highest number that the axis shows: what leaves the ground shown leaves the chart."""
    values = np.concatenate(lines)
    if not len(terrain.minima):
        return float(terrain.heights.min()), float(terrain.heights.max())
    reach = 10 * (terrain.x[1] - terrain.x[0])
    low = float(values.min())
    return low, max(min(float(values.max()), reach), 10 * low)


def _distance_axis(is_log: bool, low: float, high: float) -> dict[str, Any]:
    if not is_log:
        return axis(PLOT["value"], range=facts.padded(low, high))
    shape = {"type": "log", "range": facts.padded(low, high, is_log=True)}
    return axis(PLOT["distance"], **shape, **facts.log_ticks(low, high))


def _now(steps: int, low: float, high: float) -> Trace:
    """Draw an upright line at the step shown."""
    x = np.repeat(np.arange(steps + 1, dtype=np.float32), 2)
    y = np.tile(floats([low, high]), steps + 1)
    playback = {"meta": {"playback": {"kind": "frame", "size": 2}}}
    return {**line(x, y, Style(GREY, "dot"), PLOT["step"], 1.5), "showlegend": False, "hoverinfo": "skip", **playback}


DESCENT_CHARTS: dict[str, Chart] = {
    "contour": Chart(
        "From above",
        contour,
        "Lines of equal height, darker where it is lower, stars at the lowest places. Click anywhere, or drag the "
        "cross, to start from there. Look for who crosses the valley, who follows it and who overshoots.",
        width=2,
    ),
    "terrain": Chart(
        "In space",
        terrain_3d,
        "The same surface and trails in space; drag to turn it. Where heights differ by orders of magnitude they are "
        "squeezed, as the axis says, so that the valley floor still shows.",
    ),
    "distances": Chart(
        "Distance to the minimum",
        distances,
        "How far each optimizer is from the nearest minimum after each step; a straight slope means that every step "
        "takes off the same share. On a surface without a minimum, the value itself.",
        width=3,
    ),
}
