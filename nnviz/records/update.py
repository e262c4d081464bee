"""What one update tells by itself."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UpdateLosses:
    """The losses of an update on its own batch, and the learning rates that it was done with, player by player."""

    step: int  # updates done with it
    epoch: float
    seconds: float
    losses: tuple[float, ...]
    rates: tuple[float, ...]
