"""How many units of each ReLU layer never answer."""

from typing import cast

from nnviz.charts import facts
from nnviz.charts.chart import PLAIN_VIEW, Figure, View
from nnviz.charts.facts import Clock
from nnviz.charts.figure import Trace, axis, clock_axis, layout, line, waiting
from nnviz.charts.fits import hidden_sizes
from nnviz.charts.palette import Style, layer_colour
from nnviz.records.run import Lane, Record, Snapshot
from nnviz.records.shapes import Shares
from nnviz.words.charts import PLOT

_MOST = 32  # points of a line


def dead_units(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
    """Draw the share of dead units of each layer over time, in per cent."""
    clock = facts.clock(view.clock, snapshot)
    y = axis(PLOT["dead_units"], range=[-2, 102], ticksuffix=" %")
    frame = layout(f"dead_units {view.clock}", clock_axis(clock.label), y)
    traces = _lines(snapshot.lanes[0], clock) if snapshot.lanes else []
    if not traces:
        return waiting(snapshot, frame)
    frame["showlegend"] = len(traces) > 1
    return {"data": traces, "layout": frame}


def shares(record: Record) -> Shares | None:
    """Return what a record says of dead units."""
    return cast(Shares | None, record.readings.get("dead_units"))


def has_dead_units(snapshot: Snapshot) -> bool:
    """Tell whether the network has layers whose units can die; before it is measured, its settings tell."""
    if any(lane.records for lane in snapshot.lanes[:1]):
        return facts.latest(snapshot, shares) is not None
    return bool(hidden_sizes(snapshot)) and snapshot.lanes[0].spec.activation.name == "relu"


def _lines(lane: Lane, clock: Clock) -> list[Trace]:
    found = next((told for record in reversed(lane.records) if (told := shares(record))), None)
    names = found.names if found else ()
    traces = []
    for place, name in enumerate(names):
        values = facts.pick(facts.recorded(lane, clock, lambda record, at=place: _share(record, at)), _MOST)  # type: ignore[misc]
        hover = f"{name} %{{y:.3g}} %<extra></extra>"
        style = Style(layer_colour(place, len(names)), "solid")
        traces.append(line(values.x, values.y, style, name, hovertemplate=hover))
    return traces


def _share(record: Record, place: int) -> float | None:
    found = shares(record)
    return None if found is None else 100 * float(found.values[place])
