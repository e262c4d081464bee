"""What a search for learning rates has found so far."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnviz.records.status import Status
from nnviz.words.language import Message

Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RateGrid:
    """Short runs over a grid of learning rates, one row for each racer.

    losses: (racers, rates), on training examples after `updates` updates; nan: not yet tried, inf: diverged.
    chosen: the column of each racer's lowest loss; None: nothing tried yet, or everything diverged.
    """

    labels: tuple[str, ...]
    optimizers: tuple[str, ...]  # names in the catalogue
    rates: Doubles
    losses: Doubles
    chosen: tuple[int | None, ...]
    updates: int
    status: Status  # READY until started, then as for a run
    progress: float  # from 0 to 1
    message: Message | None = None  # when waiting or failed

    def at_edge(self, column: int) -> tuple[int, ...]:
        """List the racers whose lowest loss is in a column at an end of the grid, 0 or -1: it may fall on beyond."""
        place = range(len(self.rates))[column]
        return tuple(racer for racer, best in enumerate(self.chosen) if best == place)
