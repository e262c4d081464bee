"""The gradient noise scale, beside the batch size."""

import numpy as np

from nnviz.charts import facts
from nnviz.charts.by_layer import Quantity, by_layer
from nnviz.charts.chart import PLAIN_VIEW, Figure, View
from nnviz.charts.facts import Series
from nnviz.charts.figure import floats, note
from nnviz.charts.layer_readings import reading
from nnviz.charts.palette import FAINT
from nnviz.records.run import Snapshot
from nnviz.words.charts import PLOT

NOISE = Quantity("noise_scale", reading("noise_scale"), is_log=True)


def noise_scale(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
    """Draw the noise scale of each network over time, and a dotted line at the present batch size."""
    figure = by_layer(NOISE)(snapshot, view)
    size = snapshot.lanes[0].knobs.get("batch_size") if snapshot.lanes else None
    if not figure["data"] or not size:
        return figure
    stroke = {"color": FAINT, "dash": "dot", "width": 2}
    rule = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": size, "y1": size, "line": stroke}
    lines = [Series(trace["x"], trace["y"]) for trace in figure["data"]]
    low, high = facts.extent([*lines, Series(floats([0]), floats([size]))])
    axis = {**facts.log_ticks(low, high), "range": facts.padded(low, high, is_log=True)}
    place = {"yref": "y", "xanchor": "right", "yanchor": "bottom", "font": {"size": 10}}
    word = note(PLOT["batch_size"], 1.0, float(np.log10(size)), **place)
    frame = figure["layout"]
    return {**figure, "layout": {**frame, "yaxis": {**frame["yaxis"], **axis}, "shapes": [rule], "annotations": [word]}}
