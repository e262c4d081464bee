"""One lane as it went: what it began with, each live change, and each optimizer that took the place of another."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf

from nnviz.specs.branches import PlannedBranch
from nnviz.specs.experiment import Change, Choice, ExperimentSpec
from nnviz.specs.planned import Planned


@dataclass(frozen=True, slots=True)
class Switch:
    """Other optimizers, by the fields of the spec, from an update on; their memory begins fresh."""

    step: int
    choices: Mapping[str, Choice]

    def after(self, spec: ExperimentSpec) -> ExperimentSpec:
        """Return what is trained from there on."""
        return spec.with_(**self.choices)


@dataclass(frozen=True, slots=True)
class Course(Planned):
    """A plan whose optimizer is another one from some updates on; changes at such an update come after it."""

    switches: tuple[Switch, ...] = field(default=(), kw_only=True)

    def spec_at(self, change: Change) -> ExperimentSpec:
        """Return what is trained when a change is made."""
        spec = self.spec
        for switch in self.switches:
            spec = switch.after(spec) if change.step >= switch.step else spec
        return spec

    def to_query(self) -> dict[str, str]:
        """Write it as the parameters of a link: each switch is a branch, and the last one is looked at."""
        ends = [*(switch.step for switch in self.switches), inf]
        first, *others = (
            tuple(turn for turn in self.journal if start <= turn.step < end) for start, end in pairwise([0, *ends])
        )
        steps = zip(self.switches, others, strict=True)
        branches = tuple(
            PlannedBranch(place, place - 1, switch.step, switch.choices["optimizer"], turns)
            for place, (switch, turns) in enumerate(steps, 1)
        )
        return Planned(self.spec, journal=first, branches=branches, focus=len(branches)).to_query()
