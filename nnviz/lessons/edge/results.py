"""What the lesson on the edge of stability finds."""

from dataclasses import dataclass

_LASTING = 300  # updates for which it must stay at the line
_FEWEST = 5  # moments that tell
_CLOSE = 0.06  # of the line
NEAR = 0.12  # of it, where a network may have learnt all just before it is there


@dataclass(frozen=True, slots=True)
class Moment:
    """One measurement: after how many updates, and how sharp."""

    step: int
    sharpness: float


@dataclass(frozen=True, slots=True)
class Stretch:
    """Measurements in a row under one rate; `limit` is up to which sharpness that is stable."""

    limit: float
    moments: tuple[Moment, ...]

    @property
    def updates(self) -> int:
        """For how long it lasts."""
        return self.moments[-1].step - self.moments[0].step

    @property
    def is_settled(self) -> bool:
        """Whether the mean of its last 300 updates (5 measurements, where these reach further) is at the line."""
        return self.is_within(_CLOSE)

    def is_within(self, share: float) -> bool:
        """Tell whether that mean is within a share of the line."""
        end = self.moments[-1].step
        late = [each for each in self.moments if each.step >= end - _LASTING]
        late = late if len(late) >= _FEWEST else list(self.moments[-_FEWEST:])
        if self.updates < _LASTING or len(late) < _FEWEST:
            return False
        mean = sum(each.sharpness for each in late) / len(late)
        return abs(mean / self.limit - 1) <= share


@dataclass(frozen=True, slots=True)
class Progress:
    """What the tasks look at."""

    rule: str
    is_full: bool  # whether every update sees all examples
    is_lost: bool  # whether it diverged
    stretches: tuple[Stretch, ...]

    @property
    def now(self) -> Stretch | None:
        """What goes on at present."""
        return self.stretches[-1] if self.stretches else None


@dataclass(frozen=True, slots=True)
class Parabola:
    """A parabola as sharp as the run's loss; `places` are those of plain steps at its rate, from 1 on."""

    sharpness: float
    rate: float
    momentum: float
    places: tuple[float, ...]

    @property
    def limit(self) -> float:
        """The sharpness up to which such steps are stable."""
        return 2 * (1 + self.momentum) / self.rate

    @property
    def factor(self) -> float:
        """What a step without momentum multiplies the distance from the middle by."""
        return 1 - self.rate * self.sharpness
