"""A small network over a plane, unit by unit: what each answers at every place, and every weight between them."""

from typing import Any

import numpy as np

from nnviz.charts import facts, tiles
from nnviz.charts.chart import PLAIN_VIEW, Chart, View
from nnviz.charts.fits import has_plane
from nnviz.charts.network import node_names
from nnviz.charts.palette import NEGATIVE, POSITIVE
from nnviz.charts.plane import point_colour
from nnviz.records.readings import Field
from nnviz.records.run import DataSummary, Snapshot
from nnviz.records.shapes import Floats
from nnviz.specs.experiment import ExperimentSpec

MOST_UNITS = 8  # of a hidden layer that is drawn
MOST_LAYERS = 6
SIDE = 24  # rows and columns of a unit's map


def hidden_sizes(spec: ExperimentSpec) -> tuple[int, ...]:
    """Read the units of each hidden layer off a spec's network."""
    text = str(spec.model.knobs.get("hidden", "32"))
    return tuple(int(part) for part in text.split(",") if part.strip().isdigit())


def is_small(spec: ExperimentSpec) -> bool:
    """Tell whether every unit of a network has room on one screen."""
    sizes = hidden_sizes(spec)
    return spec.model.name == "mlp" and len(sizes) <= MOST_LAYERS and max(sizes, default=0) <= MOST_UNITS


def unit_network(snapshot: Snapshot, view: View = PLAIN_VIEW) -> dict[str, Any]:
    """Return the network's units with their maps, as signed bytes with zero at 128, and its weights, layer by layer.

    maps: units * SIDE * SIDE bytes, inputs first, rows bottom to top.  weights: (out, in) of each layer, in one row.
    A network that has not been measured yet has units without maps.
    """
    scene = snapshot.scene
    spec = snapshot.lanes[0].spec
    field = facts.latest(snapshot, lambda record: record.field)
    weights = facts.latest(snapshot, lambda record: record.weights)
    sizes = [2, *hidden_sizes(spec), scene.outputs if scene else 1]
    drawing = {"sizes": sizes, "names": node_names(sizes, facts.class_names(scene)), "side": SIDE, "maps": [],
               "weights": [], "tints": _tints(scene, sizes), "x": [-1, 1], "y": [-1, 1]}  # fmt: skip
    if field is None or not weights or [len(part) for part in weights] != sizes[1:]:
        return drawing
    maps = np.concatenate([_inputs(), *map(_hidden, field.hidden), _outputs(field, sizes[-1])])
    flat = np.concatenate([part.ravel() for part in weights]).astype(np.float32)
    return {**drawing, "maps": maps.ravel(), "weights": flat, "x": list(field.x), "y": list(field.y)}


def _tints(scene: DataSummary | None, sizes: list[int]) -> list[list[str]]:
    """List the two ends of the colours of hidden units and inputs, then those of each output."""
    plain = [NEGATIVE, POSITIVE]
    if scene is None or not scene.is_classes or sizes[-1] < 2:
        return [plain] * (1 + sizes[-1])
    return [plain, *(["#ffffff", point_colour(scene, index)] for index in range(sizes[-1]))]


def _inputs() -> tiles.Bytes:
    """Draw the two inputs themselves, each from one end of its range to the other."""
    ramp = np.linspace(-1, 1, SIDE)
    return tiles.signed_bytes(np.stack([np.tile(ramp, (SIDE, 1)), np.tile(ramp[:, None], (1, SIDE))]), 1)


def _hidden(maps: Floats) -> tiles.Bytes:
    return tiles.signed_bytes(tiles.shrunk(maps, SIDE), tiles.symmetric_limit(maps))


def _outputs(field: Field, count: int) -> tiles.Bytes:
    """Draw each output: one of a pair of classes from one to the other, one of several by its probability."""
    values = np.clip(np.nan_to_num(tiles.shrunk(field.values, SIDE)), 0, 1)
    if count == 1:
        return tiles.signed_bytes(2 * values[-1:] - 1, 1)
    return tiles.signed_bytes(values if len(values) == count else np.concatenate([1 - values, values]), 1)


NETWORKS: dict[str, Chart] = {
    "units": Chart(
        "Network",
        unit_network,
        "Each square is a unit: its colour shows what it answers at every place of the plane, blue above zero, orange "
        "below. A line is a weight, the thicker the larger. Point at a unit to see it large; press a unit or a line to "
        "set its weights by hand.",
        has_plane,
        width=2,
        rows=2,
    ),
}
