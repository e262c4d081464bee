"""A run that nobody trains: what another one has left, kept in memory."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from nnviz.records.run import Snapshot
from nnviz.records.tier import Tier
from nnviz.runs.source import Command, Listener
from nnviz.specs.experiment import Change
from nnviz.words import errors
from nnviz.words.language import message


class ReplaySource:
    """Snapshots in order, the one shown which was asked for last; raises ValueError where there is none."""

    can: frozenset[Command] = frozenset()
    pace = 0.0
    tier = Tier.ECONOMY

    def __init__(self, snapshots: Sequence[Snapshot]) -> None:
        if not snapshots:
            raise ValueError(message(errors.RUNS["empty_replay"]))
        self._snapshots = [replace(each, version=place) for place, each in enumerate(snapshots)]
        self._at = 0
        self._listeners: list[Listener] = []
        self.specs = tuple(lane.spec for lane in snapshots[0].lanes)

    def show(self, place: int) -> None:
        """Show one of the snapshots; outside of them the nearest."""
        self._at = max(0, min(place, len(self._snapshots) - 1))
        for listener in list(self._listeners):
            listener(True)

    def snapshot(self, build_within: float = 5.0) -> Snapshot:
        """Return the snapshot that is shown."""
        return self._snapshots[self._at]

    def peek(self, build_within: float = 5.0) -> Snapshot:
        """Return the snapshot that is shown."""
        return self._snapshots[self._at]

    def latest(self) -> Snapshot:
        """Return the snapshot that is shown."""
        return self._snapshots[self._at]

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Have a listener called whenever another snapshot is shown; return what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def newer(self, version: int, timeout: float) -> bool:
        """Tell whether the snapshot that is shown is newer; nothing comes here by waiting."""
        return self._at > version

    def join(self, timeout: float | None = None) -> bool:
        """Tell whether the run was over in the snapshot that is shown."""
        return self.snapshot().status.is_over

    def prepare(self) -> None:
        """Do nothing: all is there."""

    def stop(self) -> None:
        """Do nothing: it has ended."""

    def pause(self) -> None:
        """Do nothing: it holds still."""

    def start(self) -> None:
        """Refuse."""
        _refuse(Command.PLAY)

    def step(self, n: int = 1) -> None:
        """Refuse."""
        _refuse(Command.STEP)

    def epoch(self) -> None:
        """Refuse."""
        _refuse(Command.STEP)

    def apply(self, change: Change, lane: int | Iterable[int] | None = None) -> None:
        """Refuse."""
        _refuse(Command.CHANGE)

    def look_closer(self, tier: str) -> None:
        """Refuse."""
        _refuse(Command.MEASURE)


def _refuse(command: Command) -> None:
    raise ValueError(message(errors.RUNS["replay"], command=command.value))
