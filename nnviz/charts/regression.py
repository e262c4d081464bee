"""The curve that a 1-D regression fits."""

from typing import Any

import numpy as np

from nnviz.charts import facts
from nnviz.charts.chart import PLAIN_VIEW, Figure, View
from nnviz.charts.figure import Trace, axis, layout, line, waiting
from nnviz.charts.palette import NEGATIVE, TEST, TRAIN, Style, rgba
from nnviz.charts.plane import dots, groups
from nnviz.records.readings import Fit
from nnviz.records.run import DataSummary, Snapshot
from nnviz.words.charts import PLOT


def fitted_curve(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
    """Draw a 1-D regression's points, the network's curve, and two sigma either way where it gives one."""
    found = facts.latest(snapshot, lambda record: record.fit)
    scene = snapshot.scene
    traces = [*(_fit_points(scene, view) if scene else []), *(_fit_lines(found) if found else [])]
    frame = layout("fit", axis("x"), axis("y"))
    return {"data": traces, "layout": frame} if traces else waiting(snapshot, frame)


def _fit_points(scene: DataSummary, view: View) -> list[Trace]:
    if scene.points is None or scene.targets is None or scene.points.shape[1] != 1:
        return []
    pairs = np.column_stack([scene.points[:, 0], scene.targets]).astype(np.float32)
    return [
        {**dots(pairs[mask], (TEST if is_test else TRAIN).colour, is_test, name, name), "showlegend": True}
        for mask, _, is_test, name in groups(scene)
        if mask.any() and (view.show_test or not is_test)
    ]


def _fit_lines(fit: Fit) -> list[Trace]:
    curve = facts.pick(facts.series(fit.x, fit.mean))
    name = PLOT["network"]
    hover = f"{name} %{{y:.3g}}<extra></extra>"
    fitted = line(curve.x, curve.y, Style(NEGATIVE, "solid"), name, width=3, hovertemplate=hover)
    return [fitted] if fit.sigma is None else [_band(fit), fitted]


def _band(fit: Fit) -> Trace:
    assert fit.sigma is not None
    upper = facts.pick(facts.series(fit.x, fit.mean + 2 * fit.sigma), 250)
    lower = facts.pick(facts.series(fit.x, fit.mean - 2 * fit.sigma), 250)
    x, y = np.concatenate([upper.x, lower.x[::-1]]), np.concatenate([upper.y, lower.y[::-1]])
    shape: dict[str, Any] = {"fill": "toself", "fillcolor": rgba(NEGATIVE, 0.22), "hoverinfo": "skip"}
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": {"width": 0}, "name": "±2σ", **shape}
