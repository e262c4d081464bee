"""A stack of three layers trained beside a single one: the border, and the plane as the hidden units see it."""

import numpy as np
import torch
from torch import Tensor

from nnviz.catalog.activations import ACTIVATIONS
from nnviz.lessons.depth.results import Fold
from nnviz.lessons.depth.state import State
from nnviz.records.run import Doubles, Snapshot
from nnviz.records.shapes import Floats
from nnviz.runs.timeline import Stream, Weights
from nnviz.specs.experiment import Choice, ExperimentSpec

HIDDEN = "16,2"  # the last two units span a plane that can be drawn
LINES = 13  # of each direction
PLACES = 97  # on each line
_NOISE = {"xor": 0.0, "moons": 0.15, "spiral": 0.0}
_BASE = ExperimentSpec(
    initializer=Choice("he_normal"), loss=Choice("binary_cross_entropy"), optimizer=Choice.of("adam", lr=0.06),
    batch_size=200, epochs=0,
)  # fmt: skip


def spec_of(state: State, kind: str) -> ExperimentSpec:
    """Return what is trained: "plain", a single layer, or "deep", three."""
    dataset = Choice.of(state.data, size=400, noise=_NOISE[state.data])
    model = Choice.of("mlp", hidden=HIDDEN if kind == "deep" else "")
    activation = state.rho if state.bent and kind == "deep" else "identity"
    return _BASE.with_(dataset=dataset, model=model, activation=Choice(activation), seed=state.start)


def study_fold(state: State, stream: Stream) -> Fold:
    """Train both as far as the state says and follow a grid of the plane into the last two hidden units."""
    specs = {kind: spec_of(state, kind) for kind in ("plain", "deep")}
    plain, deep = (stream.at(spec, state.updates) for spec in specs.values())
    single, layers = (stream.weights_at(spec, state.updates) for spec in specs.values())
    lines, points = _grid(deep), _points(deep)
    return Fold(
        plain=plain,
        deep=deep,
        agreement=float((_answers(plain) == _answers(deep)).mean()),
        plain_line=line_of(single),
        deep_line=None if state.bent else line_of(layers),
        last_line=line_of(layers[-1:]),
        lines=lines,
        images=hidden_of(layers, specs["deep"].activation, lines),
        hidden=hidden_of(layers, specs["deep"].activation, points),
    )


def line_of(layers: Weights) -> Doubles:
    """Multiply layers with one output out, without activations: (weights, bias) in double precision."""
    weight, bias = (part.astype(np.float64) for part in layers[0])
    for after, shift in layers[1:]:
        weight, bias = after @ weight, after @ bias + shift
    return np.append(weight[0], bias)


def hidden_of(layers: Weights, activation: Choice, places: Floats) -> Floats:
    """Return what the layers but the last make of some places (..., 2)."""
    entry = ACTIVATIONS[activation.name]
    bend = entry.build(**entry.values(activation)).forward
    x = torch.from_numpy(places.copy())
    for weight, bias in layers[:-1]:
        x = bend(torch.nn.functional.linear(x, _tensor(weight), _tensor(bias)))
    found: Floats = x.numpy()
    return found


def _tensor(array: Floats) -> Tensor:
    return torch.from_numpy(array.copy())


def _answers(snapshot: Snapshot) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    field = snapshot.lanes[0].records[-1].field
    assert field is not None
    return np.asarray(field.values[-1] > 0.5)


def _grid(snapshot: Snapshot) -> Floats:
    """Return (2 * LINES, PLACES, 2): lines over the plane of the data, first those along x2."""
    field = snapshot.lanes[0].records[-1].field
    assert field is not None
    across, up = (np.linspace(*ends, LINES) for ends in (field.x, field.y))
    along_x, along_y = (np.linspace(*ends, PLACES) for ends in (field.x, field.y))
    upright = np.stack(np.broadcast_arrays(across[:, None], along_y[None]), -1)
    level = np.stack(np.broadcast_arrays(along_x[None], up[:, None]), -1)
    return np.concatenate([upright, level]).astype(np.float32)


def _points(snapshot: Snapshot) -> Floats:
    assert snapshot.scene is not None
    assert snapshot.scene.points is not None
    return snapshot.scene.points
