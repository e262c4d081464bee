"""A number of each layer and of the whole network over time, with the range in which it is healthy."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from nnviz.charts import facts
from nnviz.charts.chart import PLAIN_VIEW, Figure, View
from nnviz.charts.facts import Clock, Series
from nnviz.charts.figure import Layout, Trace, axis, clock_axis, layout, line, note, waiting
from nnviz.charts.palette import GREEN, GREY, MOST_NAMED, Style, layer_colour, rgba
from nnviz.charts.racers import Racer, racers
from nnviz.records.run import Record, Snapshot
from nnviz.records.shapes import LayerNumbers
from nnviz.words.charts import PLOT

_WHOLE, _LAYER, _MANY = 3.0, 1.5, 1.0  # widths of lines
_PER_CENT = (-2.0, 102.0)  # ends of an axis
_THIN = 10.0  # per cent: a band in which no word has room
Read = Callable[[Record], LayerNumbers | None]


@dataclass(frozen=True, slots=True)
class Quantity:
    """What is drawn: its name among the words, how it is read, its axis, and the range in which it is healthy."""

    name: str
    read: Read
    healthy: tuple[float, float] | None = None
    ends: tuple[float, float] | None = None  # of the axis; None: what is there
    is_log: bool = False
    is_share: bool = False  # from 0 to 1, drawn in per cent
    most: int = 48  # points of a line


def by_layer(quantity: Quantity) -> Callable[..., Figure]:
    """Return what draws a quantity: a line a layer and a bold one of the whole; of several networks, one line each.

    What the whole network has no number of is drawn of the first one's layers.
    """

    def draw(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
        clock = facts.clock(view.clock, snapshot)
        frame = layout(f"{quantity.name} {view.clock}", clock_axis(clock.label), axis_of(quantity))
        found = racers(snapshot)
        is_alone = len(found) < 2 or not any(_whole(racer, clock, quantity, is_alone=False) for racer in found)
        traces = layer_lines(found[0], clock, quantity) if found and is_alone else []
        wholes = [_whole(racer, clock, quantity, is_alone=is_alone) for racer in (found[:1] if is_alone else found)]
        traces += [trace for trace in wholes if trace]
        if not traces:
            return waiting(snapshot, frame)
        frame["showlegend"] = sum(trace["showlegend"] for trace in traces) > 1
        if quantity.is_log:
            frame["yaxis"] |= facts.log_ticks(*facts.extent([Series(trace["x"], trace["y"]) for trace in traces]))
        return {"data": traces, "layout": {**frame, **_healthy(quantity)}}

    return draw


def is_read(name: str) -> Callable[[Snapshot], bool]:
    """Return whether some lane of a run has an instrument's readings, perhaps of an earlier moment."""
    return lambda snapshot: any(name in record.readings for lane in snapshot.lanes for record in reversed(lane.records))


def are_read(name: str) -> Callable[[Snapshot], bool]:
    """Return whether lanes that are to be compared have an instrument's readings."""
    return lambda snapshot: facts.is_compared(snapshot) and is_read(name)(snapshot)


def axis_of(quantity: Quantity, *, is_named: bool = True) -> Layout:
    """Describe the axis on which a quantity is drawn."""
    wanted = _PER_CENT if quantity.is_share else quantity.ends
    ends = {"range": list(wanted)} if wanted else {}
    log = {"type": "log"} if quantity.is_log else {}
    return axis(PLOT[quantity.name] if is_named else "", ticksuffix=" %" if quantity.is_share else "", **ends, **log)


def _healthy(quantity: Quantity) -> Layout:
    """Describe the band in which all is well, behind the lines, and name it."""
    if quantity.healthy is None:
        return {}
    low, high = quantity.healthy
    fill = {"fillcolor": rgba(GREEN, 0.12), "line": {"width": 0}, "layer": "below"}
    band = {"type": "rect", "xref": "paper", "x0": 0, "x1": 1, "y0": low, "y1": high, **fill}
    side = "bottom" if quantity.is_share and high - low < _THIN else "top"
    place = {"yref": "y", "xanchor": "right", "yanchor": side, "font": {"size": 10}}
    return {"shapes": [band], "annotations": [note(PLOT["healthy"], 1.0, high, **place)]}


def layer_lines(racer: Racer, clock: Clock, quantity: Quantity) -> list[Trace]:
    """Draw a line for each layer of a racer's first seed."""
    moments, found = _found(racer, clock, quantity)
    names = found[0].names if found else ()
    traces = []
    for place, name in enumerate(names):
        values = [each.values[place] for each in found]
        style = Style(layer_colour(place, len(names)), "solid")
        is_named = len(names) <= MOST_NAMED
        trace = _line(moments, values, quantity, style, str(name), _LAYER if is_named else _MANY)
        traces.append({**trace, "showlegend": is_named})
    return [trace for trace in traces if len(trace["x"])]


def _whole(racer: Racer, clock: Clock, quantity: Quantity, *, is_alone: bool) -> Trace | None:
    moments, found = _found(racer, clock, quantity)
    style, name = (Style(GREY, "solid"), PLOT["whole"]) if is_alone else (racer.style, racer.label)
    trace = _line(moments, [each.whole for each in found], quantity, style, name, _WHOLE if is_alone else 2)
    return {**trace, "showlegend": True} if len(trace["x"]) else None


def _found(racer: Racer, clock: Clock, quantity: Quantity) -> tuple[list[float], list[LayerNumbers]]:
    """Return what the first seed's records say, thinned, with their places in time; a change of layers starts anew."""
    records = racer.lanes[0].records
    known = [(clock.of_moment(record), numbers) for record in records if (numbers := quantity.read(record))]
    known = [(at, numbers) for at, numbers in known if numbers.names == known[-1][1].names]
    kept = [known[at] for at in facts.thinned(len(known), quantity.most)]
    return [at for at, _ in kept], [numbers for _, numbers in kept]


def _line(
    moments: Sequence[float], values: Sequence[float], quantity: Quantity, style: Style, name: str, width: float
) -> Trace:
    scale, suffix = (100, " %") if quantity.is_share else (1, "")
    found: Series = facts.series(moments, scale * np.asarray(values, np.float64), quantity.is_log)
    hover = f"{name}: %{{y:.3~g}}{suffix}<extra></extra>"
    return line(found.x, found.y, style, name, width, hovertemplate=hover, meta={"lane": name})
