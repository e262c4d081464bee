"""What a page trains: a spec and the live changes planned ahead; frozen, and also a link."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from nnviz.specs.experiment import Change, ExperimentSpec
from nnviz.specs.race import LaneChange
from nnviz.words import errors
from nnviz.words.language import message

Plan = TypeVar("Plan", bound="Planned")
JOURNAL = "journal"  # the parameter of a link that holds the changes


@dataclass(frozen=True, slots=True)
class Planned:
    """A spec with a journal: equal ones train bit-equal, live changes included."""

    spec: ExperimentSpec
    journal: tuple[Change, ...] = field(default=(), kw_only=True)

    def with_spec(self: Plan, spec: ExperimentSpec) -> Plan:
        """Return the plan for another spec; the journal stays where what it turns is as it was."""
        is_kept = all(getattr(spec, name) == getattr(self.spec, name) for name in _TURNED)
        return replace(self, spec=spec, journal=self.journal if is_kept else ())

    def to_query(self) -> dict[str, str]:
        """Write the plan as the parameters of a link."""
        written = ";".join(str(LaneChange(None, change)) for change in self.journal)
        return {**self.spec.to_query(), **({JOURNAL: written} if written else {})}


_TURNED = ("model", "optimizer", "second_optimizer", "clipping", "batch_size")


def read_journal(query: Mapping[str, str]) -> tuple[Change, ...]:
    """Read the journal of a link, in order; raises ValueError for what cannot be read, or a lane's own change."""
    turns = [LaneChange.parse(text) for text in query.get(JOURNAL, "").split(";") if text]
    for turn in turns:
        if turn.racer:
            raise ValueError(message(errors.CHOICES["racer"], name=turn.racer, last=0))
    return tuple(sorted((turn.change for turn in turns), key=lambda change: change.step))
