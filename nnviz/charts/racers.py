"""Who takes part in a race: the lanes that differ in their seed only, under one name and look."""

from dataclasses import dataclass

from nnviz.charts.palette import Style, lane_styles
from nnviz.records.run import Lane, Snapshot
from nnviz.records.status import Status
from nnviz.words.language import say

_LOST = (Status.DIVERGED, Status.FAILED)


@dataclass(frozen=True, slots=True)
class Racer:
    """One racer with a lane for each seed."""

    label: str
    style: Style
    lanes: tuple[Lane, ...]

    @property
    def lost(self) -> tuple[Lane, ...]:
        """The seeds that diverged."""
        return tuple(lane for lane in self.lanes if lane.status == Status.DIVERGED)

    @property
    def sound(self) -> tuple[Lane, ...]:
        """The seeds that neither diverged nor failed."""
        return tuple(lane for lane in self.lanes if lane.status not in _LOST)

    @property
    def shown(self) -> tuple[Lane, ...]:
        """The seeds to draw: the sound ones; all where none is."""
        return self.sound or self.lanes

    @property
    def is_lost(self) -> bool:
        """Whether every seed diverged or failed."""
        return not self.sound


def racers(snapshot: Snapshot) -> tuple[Racer, ...]:
    """Group the lanes by racer and label, in the order of the lanes."""
    groups: dict[tuple[int, str], list[tuple[Lane, Style]]] = {}
    for lane, style in zip(snapshot.lanes, lane_styles(snapshot.lanes), strict=True):
        groups.setdefault((lane.racer, lane.label), []).append((lane, style))
    return tuple(
        Racer(say(label), pairs[0][1], tuple(lane for lane, _ in pairs)) for (_, label), pairs in groups.items()
    )
