"""What a descent leaves behind: frozen numbers, no torch."""

from dataclasses import dataclass

from nnviz.records.run import Doubles
from nnviz.records.shapes import Floats
from nnviz.specs.descent import DescentSpec
from nnviz.specs.experiment import Choice


@dataclass(frozen=True, slots=True)
class Terrain:
    """A surface to draw: heights over its domain, rows bottom to top.

    heights: (rows, columns).  minima: (minima, 2), every known one; empty where there is none.
    """

    label: str
    formula: str  # LaTeX
    note: str
    x: tuple[float, float]  # range of the columns
    y: tuple[float, float]  # range of the rows
    heights: Floats
    minima: Doubles
    lowest: float  # value at the minima; where there are none, the lowest height drawn
    lambda_max: float | None = None  # largest curvature, where it is the same everywhere


@dataclass(frozen=True, slots=True)
class Trail:
    """One optimizer's way down.  Arrays end early where it left the finite numbers.

    points: (steps + 1, 2).  values, distances: (steps + 1,), distance to the nearest minimum, nan where none is known.
    gradients: (steps, 2), as the optimizer got them, with noise.  updates: (steps, 2), points after minus before.
    velocities: (steps, 2), the state that carries past gradients on (momentum buffer, running mean).
    scales: (steps, 2), the root of the second moment that divides each coordinate.
    Velocities and scales are as the optimizer's state held them after the step; None where a rule has none.
    """

    label: str
    choice: Choice
    points: Doubles
    values: Doubles
    distances: Doubles
    gradients: Doubles
    updates: Doubles
    velocities: Doubles | None
    scales: Doubles | None
    diverged_at: int | None = None  # the first step whose point or value is not finite


@dataclass(frozen=True, slots=True)
class Descent:
    """All trails over one terrain."""

    spec: DescentSpec
    terrain: Terrain
    trails: tuple[Trail, ...]
