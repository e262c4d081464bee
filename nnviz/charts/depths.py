"""How large each layer's gradient is, from the first layer to the last."""

import numpy as np

from nnviz.charts import facts
from nnviz.charts.chart import PLAIN_VIEW, Figure, View
from nnviz.charts.figure import Trace, axis, floats, layout, line, waiting
from nnviz.charts.palette import TRAIN
from nnviz.charts.racers import racers
from nnviz.records.run import Lane, Snapshot
from nnviz.records.shapes import Floats
from nnviz.words.charts import PLOT

FEWEST = 4  # layers from which on depth is worth a look


def gradient_by_depth(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
    """Draw the size of each layer's last gradient against the layer's place, of each network in the run."""
    x = axis(PLOT["depth"], rangemode="nonnegative")
    frame = layout("gradient_depth", x, axis(PLOT["gradient_norm"], type="log", exponentformat="power"))
    traces = []
    found = racers(snapshot)
    for racer in found:
        norms, names = gradients(racer.lanes[0])
        if len(norms) and np.isfinite(norms).any():
            hover: Trace = {"text": names, "hovertemplate": f"{racer.label}, %{{text}}: %{{y:.3g}}<extra></extra>"}
            places = floats(np.arange(1, len(norms) + 1))
            traces.append(line(places, norms, racer.style if len(found) > 1 else TRAIN, racer.label, **hover))
    if not traces:
        return waiting(snapshot, frame)
    norms = np.concatenate([trace["y"] for trace in traces])
    frame["yaxis"] |= facts.log_ticks(float(np.nanmin(norms)), float(np.nanmax(norms)))
    frame["showlegend"] = len(traces) > 1
    return {"data": traces, "layout": frame}


def gradients(lane: Lane) -> tuple[Floats, list[str]]:
    """Return the norms of the weights' last gradients in order, nan where there is none or it is 0, and their names."""
    found = next((record.parameters for record in reversed(lane.records) if record.parameters), ())
    weights = [each for each in found if len(each.shape) > 1]
    norms = floats([each.gradient or np.nan for each in weights])
    return norms, [each.name.removesuffix(".weight") for each in weights]


def is_deep(snapshot: Snapshot) -> bool:
    """Tell whether a network of the run has so many layers that their gradients are worth comparing."""
    return any(len(gradients(lane)[0]) >= FEWEST for lane in snapshot.lanes)
