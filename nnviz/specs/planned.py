"""What a page trains: a spec and the live changes planned ahead; frozen, and also a link."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from nnviz.specs.branches import BRANCHES, PlannedBranch, read_branches, with_changes
from nnviz.specs.experiment import Change, ExperimentSpec
from nnviz.specs.race import LaneChange
from nnviz.words import errors
from nnviz.words.language import message

Plan = TypeVar("Plan", bound="Planned")
JOURNAL = "journal"  # the parameter of a link that holds the changes
FOCUS = "focus"  # the one that names the lane that is looked at


@dataclass(frozen=True, slots=True)
class Planned:
    """A spec with a journal: equal ones train bit-equal, live changes included.

    branches: lanes that go on from where it, or an earlier one of them, is then.  focus: the racer that is looked at.
    """

    spec: ExperimentSpec
    journal: tuple[Change, ...] = field(default=(), kw_only=True)
    branches: tuple[PlannedBranch, ...] = field(default=(), kw_only=True)
    focus: int = field(default=0, kw_only=True)

    def with_spec(self: Plan, spec: ExperimentSpec) -> Plan:
        """Return the plan for another spec; the journal stays where what it turns is as it was."""
        is_kept = all(getattr(spec, name) == getattr(self.spec, name) for name in _TURNED)
        return replace(self, spec=spec) if is_kept else self.alone(spec)

    def alone(self: Plan, spec: ExperimentSpec) -> Plan:
        """Return the plan of a spec without anything that happens on the way."""
        return replace(self, spec=spec, journal=(), branches=(), focus=0)

    def to_query(self) -> dict[str, str]:
        """Write the plan as the parameters of a link."""
        own = [LaneChange(None, change) for change in self.journal]
        turns = [*own, *(LaneChange(each.racer, change) for each in self.branches for change in each.changes)]
        told = {
            JOURNAL: ";".join(map(str, turns)),
            BRANCHES: ";".join(map(str, self.branches)),
            FOCUS: str(self.focus or ""),
        }
        return {**self.spec.to_query(), **{name: text for name, text in told.items() if text}}


_TURNED = ("model", "optimizer", "second_optimizer", "clipping", "batch_size")


ON_THE_WAY = (JOURNAL, BRANCHES, FOCUS)  # of a link: what happens after the beginning, and who is looked at


def read_way(query: Mapping[str, str]) -> dict[str, Any]:
    """Read what a link says beside the spec, as arguments of a plan; raises ValueError for what cannot be read."""
    branches = read_branches(query)
    known = {each.racer for each in branches}
    turns = [LaneChange.parse(text) for text in query.get(JOURNAL, "").split(";") if text]
    for turn in turns:
        if turn.racer and turn.racer not in known:
            raise ValueError(message(errors.CHOICES["racer"], name=turn.racer, last=max(known, default=0)))
    own = sorted((turn.change for turn in turns if not turn.racer), key=lambda change: change.step)
    theirs = [(turn.racer, turn.change) for turn in turns if turn.racer]
    text = query.get(FOCUS, "0")
    focus = int(text) if text.isdecimal() and int(text) in known else 0
    return {"journal": tuple(own), "branches": with_changes(branches, theirs), "focus": focus}
