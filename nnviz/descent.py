"""A descent: several optimizers on one surface from one start; frozen, and also a link."""

from dataclasses import dataclass, field

from nnviz.race import DEFAULT_LANES
from nnviz.spec import Choice


@dataclass(frozen=True, slots=True)
class DescentSpec:
    """Everything that decides a descent; equal specs give bit-equal trails."""

    surface: Choice = field(default_factory=lambda: Choice("ravine"))
    start: tuple[float, float] | None = None  # None: the surface's own
    lanes: tuple[Choice, ...] = DEFAULT_LANES
    steps: int = 300
    noise: float = 0.0  # standard deviation of what is added to both parts of each gradient
    seed: int = 1
