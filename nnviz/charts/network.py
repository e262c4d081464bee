"""A drawing of a small network: nodes, and edges that show the weights."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nnviz.charts import facts
from nnviz.charts.chart import PLAIN_VIEW, Figure, View
from nnviz.charts.figure import Trace, bare_axis, floats, layout, top_note, waiting
from nnviz.charts.palette import GREY, NEGATIVE, POSITIVE, rgba
from nnviz.records.run import Snapshot
from nnviz.records.shapes import Floats
from nnviz.words.charts import PLOT, TOO_TALL
from nnviz.words.language import say

MOST_EDGES = 200
MOST_DRAWN = 32  # units of a layer, as in what is measured
_WIDTHS = (0.5, 1.2, 2.2, 3.6, 5.5)  # pixels, from the weakest to the strongest fifth
_MOST_LABELLED = 12
_SIDES = (0.125, 0.2)  # shares of the width for the names of inputs and outputs


class Edges(NamedTuple):
    """Weights between nodes: both ends of each (edges, 2) and the weight (edges,)."""

    starts: Floats
    ends: Floats
    weights: Floats


def node_places(sizes: list[int]) -> list[Floats]:
    """Return the x and y of each layer's nodes: one unit between layers, heights centred within -1 and 1."""
    tallest = max(sizes)
    places = []
    for layer, size in enumerate(sizes):
        rank = np.arange(size) - (size - 1) / 2
        spacing = 2 / max(tallest - 1, 1) if size > 1 else 0.0
        stretch = min(1.6, (tallest - 1) / (size - 1)) if size > 1 else 1.0
        places.append(floats(np.column_stack([np.full(size, layer), -rank * spacing * stretch])))
    return places


def strongest_edges(weights: tuple[Floats, ...], most: int = MOST_EDGES) -> Edges:
    """Return the edges of all layers, or the `most` largest by size."""
    places = node_places([weights[0].shape[1], *(len(weight) for weight in weights)])
    starts, ends, values = [], [], []
    for layer, weight in enumerate(weights):
        rows, columns = np.indices(weight.shape).reshape(2, -1)
        starts.append(places[layer][columns])
        ends.append(places[layer + 1][rows])
        values.append(weight.ravel())
    every = floats(np.nan_to_num(np.concatenate(values)))
    keep = np.sort(np.argsort(-np.abs(every), kind="stable")[:most])
    return Edges(np.concatenate(starts)[keep], np.concatenate(ends)[keep], every[keep])


def edge_bins(weights: Floats) -> NDArray[np.int_]:
    """Return each weight's width from 0 to 4: equal fifths of the largest weight's size."""
    limit = float(np.abs(weights).max(initial=0)) or 1.0
    bins: NDArray[np.int_] = np.minimum((np.abs(weights) / limit * len(_WIDTHS)).astype(int), len(_WIDTHS) - 1)
    return bins


def network_drawing(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
    """Draw the network's nodes and weights: blue positive, orange negative, the thicker the larger."""
    weights = facts.latest(snapshot, lambda record: record.weights)
    if not weights:
        return waiting(snapshot, _layout(3), say(TOO_TALL, most=MOST_DRAWN) if _is_measured(snapshot) else "")
    edges = strongest_edges(weights)
    sizes = [weights[0].shape[1], *(len(weight) for weight in weights)]
    frame = _layout(len(sizes))
    total = sum(weight.size for weight in weights)
    if total > len(edges.weights):
        frame["annotations"] = [top_note(PLOT["largest"].format(count=len(edges.weights), total=f"{total:,}"))]
    traces = [*_edge_lines(edges), _edge_hovers(edges), _nodes(sizes, snapshot)]
    return {"data": traces, "layout": frame}


def _is_measured(snapshot: Snapshot) -> bool:
    return any(lane.records for lane in snapshot.lanes)


def _layout(layers: int) -> dict[str, Any]:
    margin = {"l": 10, "r": 10, "t": 18, "b": 10}
    across = (layers - 1) / (1 - sum(_SIDES))  # names keep their room beside however many layers
    x = bare_axis(range=[-_SIDES[0] * across, layers - 1 + _SIDES[1] * across])
    y = bare_axis(range=[-1.25, 1.25])
    return layout("network", x, y, margin=margin, showlegend=False)


def _edge_lines(edges: Edges) -> list[Trace]:
    bins = edge_bins(edges.weights)
    traces = []
    for at, width in enumerate(_WIDTHS):
        for mask, colour in ((edges.weights < 0, NEGATIVE), (edges.weights >= 0, POSITIVE)):
            chosen = mask & (bins == at)
            if chosen.any():
                traces.append(_segments(edges, chosen, rgba(colour, 0.35 + 0.13 * at), width))
    return traces


def _segments(edges: Edges, chosen: NDArray[np.bool_], colour: str, width: float) -> Trace:
    starts, ends = edges.starts[chosen], edges.ends[chosen]
    gap = np.full(len(starts), np.nan, dtype=np.float32)
    x, y = (np.column_stack([starts[:, at], ends[:, at], gap]).ravel() for at in (0, 1))
    stroke = {"color": colour, "width": width}
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": stroke, "hoverinfo": "skip"}


def _edge_hovers(edges: Edges) -> Trace:
    """Let each edge speak at two fifths of its way, where few edges cross."""
    place = edges.starts * np.float32(0.6) + edges.ends * np.float32(0.4)
    hover = {"customdata": edges.weights, "hovertemplate": PLOT["weight"] + " %{customdata:.3f}<extra></extra>"}
    look = {"mode": "markers", "marker": {"size": 8, "opacity": 0, "color": GREY}}
    return {"type": "scatter", "x": place[:, 0].copy(), "y": place[:, 1].copy(), **look, **hover}


def _nodes(sizes: list[int], snapshot: Snapshot) -> Trace:
    places = np.concatenate(node_places(sizes))
    names = node_names(sizes, facts.class_names(snapshot.scene))
    sides = ["middle left"] * sizes[0] + ["top center"] * sum(sizes[1:-1]) + ["middle right"] * sizes[-1]
    dots = {"size": 15 if max(sizes) <= _MOST_LABELLED else 9, "color": GREY, "opacity": 1}
    text = {"text": names, "textposition": sides, "textfont": {"size": 11}, "hoverinfo": "skip"}
    place = {"x": places[:, 0].copy(), "y": places[:, 1].copy()}
    return {"type": "scatter", "mode": "markers+text", **place, "marker": dots, **text, "cliponaxis": False}


def node_names(sizes: list[int], classes: tuple[str, ...]) -> list[str]:
    """Name inputs x1, x2 ... and outputs by their class; hidden units, and layers too tall to label, stay silent."""
    first, last = sizes[0], sizes[-1]
    inputs = [f"x{at}" if first <= _MOST_LABELLED else "" for at in range(1, first + 1)]
    known = list(classes) if len(classes) == last else [f"y{at}" if last > 1 else "y" for at in range(1, last + 1)]
    outputs = known if last <= _MOST_LABELLED else [""] * last
    return [*inputs, *[""] * sum(sizes[1:-1]), *outputs]
