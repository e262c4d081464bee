"""Measuring each of several networks that learn against each other by itself."""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from torch import Tensor

from nnviz.catalog.training_state import Rival, TrainingState
from nnviz.records.shapes import LayerNumbers
from nnviz.training.arrays import floats
from nnviz.training.instruments.slopes import put
from nnviz.words.language import message
from nnviz.words.messages import PLAYERS


def of_each(state: TrainingState, number: Callable[[Rival], float]) -> LayerNumbers | None:
    """Return a number of each rival, which together are no whole; None where none has one."""
    found = [number(rival) for rival in state.rivals]
    names = tuple(message(PLAYERS[rival.name]) for rival in state.rivals)
    return LayerNumbers(names, floats(found)) if any(map(math.isfinite, found)) else None


def of(rival: Rival, values: Sequence[Tensor]) -> list[Tensor]:
    """Return what belongs to a rival of a tensor for each parameter."""
    return [values[at] for at in sorted(rival.own)]


@contextmanager
def beside(state: TrainingState, rival: Rival, *, is_before: bool) -> Iterator[None]:
    """Let all stand as when a rival did its step, before it or after it, and then as it is, bit by bit."""
    back = rival.later | rival.own if is_before else rival.later
    kept = [value.clone() for value in state.now]
    try:
        put(state.now, [state.before[at] if at in back else value for at, value in enumerate(kept)])
        yield
    finally:
        put(state.now, kept)
