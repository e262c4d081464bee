"""A layer is an affine map: on the plane, where it can be seen, and with many inputs and outputs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnviz.lessons.affine.results import Fit, Plane
from nnviz.lessons.affine.study_fit import FitState, fit
from nnviz.lessons.affine.study_plane import PlaneState, plane

_NEAR = 0.05 + 1e-9  # a dial's stop, with room for rounding


@dataclass(frozen=True)
class State(PlaneState, FitState):
    """What both sections of the lesson can be told."""


def study(state: State) -> Mapping[str, Plane | Fit]:
    """Return what each section finds."""
    return {"plane": plane(state), "fit": fit(state)}


def _is_map(found: Plane, *wanted: float) -> bool:
    """Tell whether W is, entry by entry, near what is wanted."""
    return all(abs(entry - goal) <= _NEAR for entry, goal in zip(found.weights.flat, wanted, strict=True))


def _is_onto_diagonal(found: Plane) -> bool:
    first, second = found.after.grid.T
    return found.rank == 1 and bool(np.nanmax(abs(first - second)) <= _NEAR)


PLANE_TASKS: Mapping[str, Callable[[State, Plane], bool]] = {
    "turn": lambda state, found: _is_map(found, 0, -1, 1, 0),
    "swap": lambda state, found: _is_map(found, 0, 1, 1, 0),
    "area": lambda state, found: abs(abs(found.determinant) - 1) <= _NEAR and found.stretches[0] >= 2,
    "flat": lambda state, found: _is_onto_diagonal(found),
}
FIT_TASKS: Mapping[str, Callable[[State, Fit], bool]] = {
    "least": lambda state, found: found.gap < 1e-3,
    "lost": lambda state, found: found.is_lost,
    "same": lambda state, found: len(found.inputs) >= 2 and found.difference < 1e-3,
}
TASKS: Mapping[str, Callable[[State, Any], bool]] = {**PLANE_TASKS, **FIT_TASKS}
