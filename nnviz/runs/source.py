"""What everything on the screen is drawn from: something that has a snapshot and may take commands."""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Protocol

from nnviz.records.run import Snapshot
from nnviz.records.tier import Tier
from nnviz.specs.experiment import Change, ExperimentSpec

Listener = Callable[[bool], None]  # told whether what is new answers what was asked for, or only goes on


class Command(StrEnum):
    """What a source may be told; compares equal to its plain text."""

    PLAY = "play"  # and pause
    STEP = "step"  # by updates and by epochs
    CHANGE = "change"  # a live knob
    PACE = "pace"
    MEASURE = "measure"  # more closely
    RESTART = "restart"  # to give way to a fresh run with other settings


class Source(Protocol):
    """One run as it is seen, wherever it trains or has trained; any thread may ask.

    can: the commands that it takes; the others raise ValueError.
    """

    can: frozenset[Command]
    tier: Tier  # up to which it is measured, as was asked last

    @property
    def specs(self) -> tuple[ExperimentSpec, ...]:
        """What its lanes train."""

    @property
    def pace(self) -> float:
        """Seconds per update; 0 is as fast as it can."""

    @pace.setter
    def pace(self, seconds: float) -> None: ...

    def snapshot(self, build_within: float = 5.0) -> Snapshot:
        """Return a frozen copy of the present state; this counts as watching."""

    def peek(self, build_within: float = 5.0) -> Snapshot:
        """Return a frozen copy without counting as watching."""

    def latest(self) -> Snapshot:
        """Return a frozen copy at once, without waiting for what was asked for; this counts as watching."""

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Have a listener called, from any thread, after each new snapshot; return what ends that."""

    def newer(self, version: int, timeout: float) -> bool:
        """Wait until there is a snapshot newer than a version, at most `timeout` seconds; return whether there is."""

    def join(self, timeout: float | None = None) -> bool:
        """Wait, watching, until no further update can come; return whether that is so."""

    def prepare(self) -> None:
        """Make ready what there is to see."""

    def stop(self) -> None:
        """End it for good; its last snapshot stays."""

    def start(self) -> None:
        """Train, or go on."""

    def pause(self) -> None:
        """Hold still and keep everything."""

    def step(self, n: int = 1) -> None:
        """Do exactly `n` updates, then pause."""

    def epoch(self) -> None:
        """Train to the end of this epoch, then pause."""

    def apply(self, change: Change, lane: int | Iterable[int] | None = None) -> None:
        """Turn a live knob of one lane, of several or of all."""

    def look_closer(self, tier: str) -> None:
        """Measure more, or less again, from now on: all that costs up to a tier."""
