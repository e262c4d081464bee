"""Why depth needs a non-linearity: what the reader may choose, and the tasks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from nnviz.catalog.initializers import INITIALIZERS
from nnviz.lessons.depth.results import Collapse, Depths, Fold
from nnviz.specs.lesson import LessonState, choice, number, pairs, switch, whole

BENDS = ("relu", "leaky_relu", "sigmoid", "tanh", "gelu", "silu")
PLANES = ("xor", "moons", "spiral")
MOST_UPDATES = 600
MOST_DEPTH = 30
REACH = 2.0  # of the plane in the first section


@dataclass(frozen=True)
class State(LessonState):
    """The stack of linear layers; the network that is trained; the deep network that only passes signals on."""

    layers: int = whole(3, 2, 5)
    narrow: int = whole(2, 1, 3)
    numbers: int = whole(24, 1, 99)
    points: tuple[tuple[float, float], ...] = pairs(((1.0, 1.0), (-1.0, 0.5)), -REACH, REACH, least=2, most=2)

    data: str = choice("moons", PLANES)
    bent: bool = switch(True)
    rho: str = choice("relu", BENDS)
    updates: int = whole(150, 0, MOST_UPDATES)
    start: int = whole(1, 1, 99)

    act: str = choice("tanh", BENDS)
    init: str = choice("glorot_normal", tuple(INITIALIZERS))
    depth: int = whole(20, 1, MOST_DEPTH)
    std: float = number(0.05, 0.001, 3, is_log=True)
    draw: int = whole(12, 1, 99)
    x: float = number(0.5, -5, 5)


Task = Callable[[State, Any], bool]


def _cannot_tell(state: State, found: Collapse) -> bool:
    return found.rank == 1 and found.apart >= 1 and found.apart_after <= 0.05


def _same_line(state: State, found: Fold) -> bool:
    return not state.bent and state.updates > 0 and found.agreement >= 0.98


def _xor(state: State, found: Fold) -> bool:
    accuracy = found.deep.lanes[0].records[-1].test_accuracy
    return state.data == "xor" and state.bent and accuracy is not None and accuracy >= 0.98


def _alive(state: State, found: Depths) -> bool:
    return state.act == "relu" and state.depth == MOST_DEPTH and 1 / 3 <= found.signal.ratio <= 3


def _saturated(state: State, found: Depths) -> bool:
    return state.act == "tanh" and state.depth >= 5 and found.signal.asleep[-1] >= 0.9


STACK_TASKS: Mapping[str, Task] = {
    "rank": lambda state, found: state.layers == 4 and found.rank == 1,
    "twins": _cannot_tell,
}
FOLD_TASKS: Mapping[str, Task] = {"same": _same_line, "xor": _xor}
SIGNAL_TASKS: Mapping[str, Task] = {
    "die": lambda state, found: state.depth >= 20 and found.signal.ratio < 1e-6,
    "alive": _alive,
    "saturate": _saturated,
}
TASKS: Mapping[str, Task] = {**STACK_TASKS, **FOLD_TASKS, **SIGNAL_TASKS}
