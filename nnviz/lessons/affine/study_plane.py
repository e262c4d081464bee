"""A layer with two inputs and two outputs: what it does to the plane."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import linear

from nnviz.lessons.affine.results import Figures, Plane
from nnviz.records.run import Doubles
from nnviz.specs.lesson import LessonState, choice, number, switch

SNAP = 0.05  # what a hand sets is a multiple of it, so that a flat map can be hit exactly
COMPOSED = ("angle", "scale_x", "scale_y", "shear")
ENTRIES = ("w11", "w12", "w21", "w22")
_MOST_WEIGHT, _MOST_BIAS, _MOST_POINT = 3.0, 2.0, 2.5
_REACH = 8  # of the grid: more than the picture shows, for maps that make it smaller
_TINY = 1e-6  # entries that are set by other dials are written with so many digits
_RANK_TOLERANCE = 1e-5  # of the largest stretch: above what such digits do, below what the dials can set
_ARC = 73  # points of a circle
_OUTLINES = {
    "letter": ((0, 0), (0.4, 0), (0.4, 0.6), (1, 0.6), (1, 1), (0.4, 1), (0.4, 1.4), (1.2, 1.4), (1.2, 1.8), (0, 1.8)),
    "house": ((0, 0), (0.5, 0), (0.5, 0.6), (0.8, 0.6), (0.8, 0), (1.4, 0), (1.4, 1), (1.2, 1.15), (1.2, 1.6), (1, 1.6),
              (1, 1.3), (0.7, 1.5), (0, 1)),
    "square": ((0, 0), (1, 0), (1, 1), (0, 1)),
}  # fmt: skip


@dataclass(frozen=True)
class PlaneState(LessonState):
    """W and b, the four dials that may set W, and the point that is looked at.

    W is what its four entries say; `follow` keeps them and the dials together.
    """

    mode: str = choice("entries", ("entries", "compose"))
    shape: str = choice("letter", tuple(_OUTLINES))
    circle: bool = switch(False)
    w11: float = number(1.25, -_MOST_WEIGHT, _MOST_WEIGHT, step=SNAP)
    w12: float = number(-0.5, -_MOST_WEIGHT, _MOST_WEIGHT, step=SNAP)
    w21: float = number(0.5, -_MOST_WEIGHT, _MOST_WEIGHT, step=SNAP)
    w22: float = number(1.0, -_MOST_WEIGHT, _MOST_WEIGHT, step=SNAP)
    b1: float = number(1.0, -_MOST_BIAS, _MOST_BIAS, step=SNAP)
    b2: float = number(-0.5, -_MOST_BIAS, _MOST_BIAS, step=SNAP)
    angle: float = number(0.0, -180, 180, step=1)  # degrees, against the clock
    scale_x: float = number(1.0, -2, 2, step=SNAP)
    scale_y: float = number(1.0, -2, 2, step=SNAP)
    shear: float = number(0.0, -1, 1, step=SNAP)
    x1: float = number(2.0, -_MOST_POINT, _MOST_POINT, step=SNAP)
    x2: float = number(1.0, -_MOST_POINT, _MOST_POINT, step=SNAP)


def follow(state: PlaneState, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return changes with what follows from them.

    A turned dial sets all entries of W. An entry moved by hand leaves the dials behind and shows the entries. Where
    the dials come back, they are set so that W stays, as far as they reach.
    """
    found = dict(changes)
    after = state.with_(**found)
    if any(name in found for name in COMPOSED):
        return {**found, **_entries_of(after)}
    if any(name in found for name in ENTRIES):
        return {**found, "mode": "entries"}
    if found.get("mode") == "compose" and not _is_composed(after):
        return {**found, **_dials_of(after)}
    return found


def take(state: PlaneState, name: str, x: float, y: float) -> dict[str, float]:
    """Return what changes when a hand moves "e1", "e2" or "origin" among the images, or "x" before the map."""
    right, up = _snapped(x), _snapped(y)
    match name:
        case "e1" | "e2":
            column = name[1]
            places = (right - state.b1, up - state.b2)
            return {f"w{row}{column}": _held(place, _MOST_WEIGHT) for row, place in zip("12", places, strict=True)}
        case "origin":
            return {"b1": _held(right, _MOST_BIAS), "b2": _held(up, _MOST_BIAS)}
        case _:
            return {"x1": _held(right, _MOST_POINT), "x2": _held(up, _MOST_POINT)}


def plane(state: PlaneState) -> Plane:
    """Send the figures of the plane through the layer and measure its W."""
    weights, bias = _weights(state), torch.tensor([state.b1, state.b2], dtype=torch.float64)
    _, stretches, directions = torch.linalg.svd(weights)
    before = _figures(state, directions)
    after = {name: linear(points, weights, bias) for name, points in before.items()}
    rank = torch.linalg.matrix_rank(weights, rtol=_RANK_TOLERANCE)
    rotation, scaling, shear = _factors(state)
    return Plane(
        weights=_doubles(weights),
        bias=_doubles(bias),
        before=_frozen(before),
        after=_frozen(after),
        determinant=float(torch.linalg.det(weights)),
        rank=int(rank),
        stretches=(float(stretches[0]), float(stretches[1])),
        factors=(_doubles(rotation), _doubles(scaling), _doubles(shear)),
        is_composed=_is_composed(state),
        with_circle=state.circle,
    )


def _weights(state: PlaneState) -> Tensor:
    return torch.tensor([[state.w11, state.w12], [state.w21, state.w22]], dtype=torch.float64)


def _factors(state: PlaneState) -> tuple[Tensor, Tensor, Tensor]:
    """Return the rotation, the scaling and the shear of the four dials; W is their product in this order."""
    turn = torch.tensor(math.radians(state.angle), dtype=torch.float64)
    cos, sin = torch.cos(turn), torch.sin(turn)
    rotation = torch.stack([torch.stack([cos, -sin]), torch.stack([sin, cos])])
    scaling = torch.diag(torch.tensor([state.scale_x, state.scale_y], dtype=torch.float64))
    return rotation, scaling, torch.tensor([[1, state.shear], [0, 1]], dtype=torch.float64)


def _entries_of(state: PlaneState) -> dict[str, float]:
    product = torch.linalg.multi_dot(_factors(state)).flatten().tolist()
    return {name: round(value, 6) + 0.0 for name, value in zip(ENTRIES, product, strict=True)}


def _is_composed(state: PlaneState) -> bool:
    return all(abs(getattr(state, name) - value) <= _TINY for name, value in _entries_of(state).items())


def _dials_of(state: PlaneState) -> dict[str, float]:
    """Take W apart into a rotation, a scaling and a shear, each held to its dial."""
    first, second = _weights(state).T
    length = float(torch.linalg.vector_norm(first))
    # Without a first column the second one's direction is free to be the turned second axis.
    ahead = first / length if length else torch.stack([second[1], -second[0]]) / (second.norm() or 1)
    aside = torch.stack([-ahead[1], ahead[0]])
    dials = {
        "angle": math.degrees(math.atan2(float(ahead[1]), float(ahead[0]))),
        "scale_x": length,
        "scale_y": float(aside @ second),
        "shear": float(ahead @ second) / length if length else 0.0,
    }
    ends = {"angle": 180.0, "scale_x": 2.0, "scale_y": 2.0, "shear": 1.0}
    return {name: _held(value, ends[name]) for name, value in dials.items()}


def _figures(state: PlaneState, directions: Tensor) -> dict[str, Tensor]:
    """Return what is drawn before the map; `directions` are the rows of V^T."""
    turns = torch.linspace(0, 2 * math.pi, _ARC, dtype=torch.float64)
    outline = _OUTLINES[state.shape]
    nothing = (0.0, 0.0)
    return {
        "grid": _grid(),
        "shape": _points([*outline, outline[0]]),
        "circle": torch.stack([torch.cos(turns), torch.sin(turns)], 1),
        "axes": torch.stack([-directions[0], directions[0], torch.full_like(directions[0], math.nan), -directions[1],
                             directions[1]]),
        "basis": torch.eye(2, dtype=torch.float64),
        "origin": _points([nothing]),
        "point": _points([(state.x1, state.x2)]),
        "steps": _points([nothing, (state.x1, 0.0), (state.x1, state.x2)]),
    }  # fmt: skip


def _grid() -> Tensor:
    gap = (math.nan, math.nan)
    upright = [point for x in range(-_REACH, _REACH + 1) for point in ((x, -_REACH), (x, _REACH), gap)]
    return _points([*upright, *((y, x) for x, y in upright)])


def _points(points: Any) -> Tensor:
    return torch.tensor(points, dtype=torch.float64)


def _frozen(parts: Mapping[str, Tensor]) -> Figures:
    return Figures(**{name: _doubles(points) for name, points in parts.items()})


def _doubles(values: Tensor) -> Doubles:
    found: Doubles = values.numpy()
    return found


def _snapped(value: float) -> float:
    return round(value / SNAP) * SNAP


def _held(value: float, most: float) -> float:
    return round(min(max(value, -most), most), 9) + 0.0
