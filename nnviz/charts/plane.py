"""What a network answers over the plane of its two inputs."""

import numpy as np
from numpy.typing import NDArray

from nnviz.charts import facts, tiles
from nnviz.charts.chart import PLAIN_VIEW, Figure, View
from nnviz.charts.figure import Layout, Trace, axis, floats, heat, layout, waiting
from nnviz.charts.palette import (
    CLASS_COLOURS,
    GREY,
    NEGATIVE,
    POSITIVE,
    Scale,
    class_colour,
    diverging,
    rgba,
    steps,
)
from nnviz.records.readings import Field
from nnviz.records.run import DataSummary, Snapshot
from nnviz.records.shapes import Floats
from nnviz.words.charts import PLOT

LEVELS = 16  # shades of confidence per class


def two_class_bytes(field: Field) -> NDArray[np.uint8]:
    """Return the probability of class 1 in per cent, (rows, columns)."""
    percent: NDArray[np.uint8] = np.round(100 * np.clip(np.nan_to_num(field.values[-1]), 0, 1)).astype(np.uint8)
    return percent


def class_levels(values: Floats, levels: int = LEVELS) -> NDArray[np.uint8]:
    """Return winner * levels + confidence level for outputs (classes, rows, columns); at chance the level is 0."""
    clean = np.clip(np.nan_to_num(values), 0, 1)
    chance = 1 / len(clean)
    sure = np.clip((clean.max(axis=0) - chance) / (1 - chance), 0, 1)
    level = np.minimum((sure * levels).astype(int), levels - 1)
    both: NDArray[np.uint8] = (clean.argmax(axis=0) * levels + level).astype(np.uint8)
    return both


def output_field(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
    """Draw the network's answer over the plane of inputs under the data's points."""
    found = facts.latest(snapshot, lambda record: record.field)
    scene = snapshot.scene
    points = _plane_points(scene, view) if scene else []
    area = _field_heat(found, scene, view) if found else []
    frame = _plane_layout(found)
    if not points and not area:
        return waiting(snapshot, frame)
    return {"data": [*area, *points], "layout": frame}


def _plane_layout(field: Field | None) -> Layout:
    box = {"constrain": "domain", "showgrid": False}
    x = axis("x1", **box, **({"range": list(field.x)} if field else {}))
    y = axis("x2", **box, scaleanchor="x", **({"range": list(field.y)} if field else {}))
    margin = {"l": 44, "r": 10, "t": 30, "b": 38}
    return layout("field", x, y, margin=margin)


def _field_heat(field: Field, scene: DataSummary | None, view: View) -> list[Trace]:
    rows, columns = field.values.shape[1:]
    place = {
        "x0": field.x[0],
        "dx": (field.x[1] - field.x[0]) / max(columns - 1, 1),
        "y0": field.y[0],
        "dy": (field.y[1] - field.y[0]) / max(rows - 1, 1),
    }
    if scene and not scene.is_classes:
        limit = tiles.symmetric_limit(field.values[0], 100)
        return [heat(tiles.signed_bytes(field.values[0], limit), diverging(0.8), 1, 255, **place, zsmooth="fast")]
    if len(field.values) <= 2:
        return [_two_class_heat(two_class_bytes(field), view, place)]
    levels = class_levels(field.values)
    scale = _class_scale(len(field.values), view.discrete)
    return [heat(levels, scale, -0.5, len(field.values) * LEVELS - 0.5, **place)]


def _two_class_heat(percent: NDArray[np.uint8], view: View, place: Layout) -> Trace:
    hover = {"hoverinfo": "z", "hovertemplate": PLOT["second_class"].format(share="%{z}") + "<extra></extra>"}
    flat: Scale = steps([rgba(NEGATIVE, 0.5), rgba(POSITIVE, 0.5)])
    scale, smooth = (flat, False) if view.discrete else (diverging(0.75), "fast")
    return heat(percent, scale, 0, 100, zsmooth=smooth, **place, **hover)


def _class_scale(classes: int, is_discrete: bool) -> Scale:
    strength = [0.5 if is_discrete else 0.72 * (at + 1) / LEVELS for at in range(LEVELS)]
    return steps([rgba(class_colour(index), alpha) for index in range(classes) for alpha in strength])


def _plane_points(scene: DataSummary, view: View) -> list[Trace]:
    if scene.points is None or scene.points.shape[1] != 2:
        return []
    return [
        dots(scene.points[chosen], colour, is_test, name, PLOT["tested"].format(name=name) if is_test else name)
        for chosen, colour, is_test, name in groups(scene)
        if chosen.any() and (view.show_test or not is_test)
    ]


def groups(scene: DataSummary) -> list[tuple[NDArray[np.bool_], str, bool, str]]:
    """List the points to draw in one trace each: mask, colour, whether test, name."""
    assert scene.points is not None
    count = len(scene.points)
    test = scene.is_test if scene.is_test is not None else np.zeros(count, dtype=bool)
    if not scene.is_classes or scene.targets is None:
        return [(~test, GREY, False, PLOT["train"]), (test, GREY, True, PLOT["test"])]
    found = []
    for is_test in (False, True):
        for index, name in enumerate(facts.class_names(scene)):
            found.append(((scene.targets == index) & (test == is_test), point_colour(scene, index), is_test, name))
    return found


def point_colour(scene: DataSummary, index: int) -> str:
    """Return a class's colour; two classes take the ends of the signed scale, as the field does."""
    return (NEGATIVE, POSITIVE)[index] if len(scene.classes) == 2 else CLASS_COLOURS[index % len(CLASS_COLOURS)]


def dots(points: Floats, colour: str, is_test: bool, group: str, name: str) -> Trace:
    """Draw points (n, 2): filled circles for training, hollow diamonds for test."""
    kept = points[facts.thinned(len(points))]
    filled = {"symbol": "circle", "size": 7, "color": colour, "line": {"color": "rgba(255,255,255,0.85)", "width": 1}}
    hollow = {"symbol": "diamond", "size": 7, "color": "rgba(255,255,255,0.85)", "line": {"color": colour, "width": 2}}
    more = {"legendgroup": group, "showlegend": not is_test, "hovertemplate": f"{name}<extra></extra>"}
    place = {"x": floats(kept[:, 0]), "y": floats(kept[:, 1]), "marker": hollow if is_test else filled}
    return {"type": "scatter", "mode": "markers", "name": name, **place, **more}
