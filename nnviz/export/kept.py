"""A saved run, read to be taken away."""

from dataclasses import dataclass, replace
from datetime import datetime

from nnviz.catalog import MODELS
from nnviz.catalog.openings import read_page
from nnviz.library.lanes import lane_of
from nnviz.library.library import Library
from nnviz.library.saved import Saved
from nnviz.records.run import Snapshot
from nnviz.records.status import Status
from nnviz.runs.lane_spec import LaneSpec
from nnviz.specs.experiment import ExperimentSpec
from nnviz.specs.planned import Planned
from nnviz.specs.race import RaceSpec
from nnviz.words.errors import CHOICES, listed
from nnviz.words.language import message, say


@dataclass(frozen=True, slots=True)
class KeptRun:
    """What is told of a saved run, and its lanes as values from which it goes on.

    lanes: those that are taken away.  others: all of the run, where these are not.
    """

    saved: Saved
    lanes: tuple[LaneSpec, ...]
    others: tuple[LaneSpec, ...] = ()

    @classmethod
    def of(cls, library: Library, saved: Saved) -> "KeptRun":
        """Read a run's newest state; ValueError where it is torn."""
        return cls(saved, library.lanes(saved.id))

    def only(self, name: str) -> "KeptRun":
        """Keep one lane, by its id, its label or its file's name; ValueError where not exactly one is called so."""
        names = self.names
        ways = (
            [lane for lane in self.lanes if lane.id == name],
            [lane for lane, own in zip(self.lanes, names, strict=True) if own == name],
            [lane for lane in self.lanes if say(lane.label) == name],
        )
        found = next((way for way in ways if way), [])
        if len(found) != 1:
            raise ValueError(message(CHOICES["lane_alone"], name=name, choices=listed(names)))
        return replace(self, lanes=tuple(found), others=self.whole)

    @property
    def whole(self) -> tuple[LaneSpec, ...]:
        """All lanes of the run."""
        return self.others or self.lanes

    @property
    def plan(self) -> Planned | RaceSpec:
        """What it trains, with the live changes at their updates."""
        return read_page(self.saved.kind, dict(self.saved.query))

    @property
    def snapshot(self) -> Snapshot:
        """How it looked when it was saved, without a word on its data."""
        status = Status(self.saved.status)
        return Snapshot(version=0, status=status, message=None, lanes=tuple(map(lane_of, self.lanes)))

    @property
    def begun(self) -> float:
        """When it was begun, in seconds of the Unix clock."""
        return datetime.fromisoformat(self.saved.created).timestamp()

    @property
    def names(self) -> tuple[str, ...]:
        """Names for the lanes' files: their places and labels, and their seeds where one label comes twice."""
        labels, taken = [lane.label for lane in self.whole], {lane.id for lane in self.lanes}
        return tuple(
            f"{place}-{_plain(label)}" + (f"-seed-{lane.spec.seed}" if labels.count(label) > 1 else "")
            for place, (label, lane) in enumerate(zip(labels, self.whole, strict=True))
            if lane.id in taken
        )


def _plain(label: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in label).strip("-")


def examples_of(lane: LaneSpec) -> int | None:
    """Count the training examples of a lane, told from the order in which it sees them."""
    count = len(lane.start.place.order) if lane.start else 0
    return count or None


def players_of(spec: ExperimentSpec) -> tuple[str, ...]:
    """Name those that learn: none where there is but one."""
    names = tuple(MODELS[spec.model.name].task.players.values())
    return names if len(names) > 1 else ()
