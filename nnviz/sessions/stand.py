"""What a session holds at one moment: replaced as a whole, so that whoever looks without a lock sees no mixture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from nnviz.catalog import live_of
from nnviz.catalog.choices import knob_of, trimmed, with_knob
from nnviz.records.rate_curve import RateCurve
from nnviz.records.run import Lane, Snapshot
from nnviz.runs.rate_test import RateTest
from nnviz.runs.setup_checks import SetupChecks
from nnviz.runs.source import Source
from nnviz.sessions.planned_branches import is_first, planned_branches
from nnviz.specs.experiment import Choice, ExperimentSpec
from nnviz.specs.planned import Planned


@dataclass(frozen=True, slots=True)
class Wish:
    """A live value that was asked for, and how often its knob had been turned before."""

    value: float
    before: int

    def is_reached(self, target: str, lane: Lane) -> bool:
        """Whether a lane has taken it, and perhaps turned on by its plan since."""
        return self.value in [change.value for change in lane.journal if change.target == target][self.before :]


@dataclass(frozen=True, slots=True)
class Stand:
    """A plan, its run, and the live values asked for since it began (of each racer), which it may not have reached."""

    plan: Any
    run: Source
    wanted: Mapping[int, Mapping[str, Wish]] = field(default_factory=dict)
    turns: int = 0  # live changes asked for
    generation: int = 0  # grows with every fresh run of the session
    name: str = ""  # of its run, unlike every other one's
    focus: int = 0  # the racer whose knobs are turned and whose panels are shown
    rate_test: RateTest | None = None  # beside the run
    checks: SetupChecks | None = None  # of what it was started with

    @classmethod
    def of(cls, plan: Any, run: Source, name: str = "") -> "Stand":
        """Return what stands at the beginning of a run, with the lane in focus that its plan names."""
        return cls(plan, run, name=name, focus=getattr(plan, "focus", 0))

    def turned(self, target: str, value: float, racer: int, snapshot: Snapshot) -> "Stand":
        """Return it with one more live value asked for, as the run stood in a snapshot."""
        before = sum(change.target == target for change in self.lane(self.seen(snapshot), racer).journal)
        asked = {**self.wanted.get(racer, {}), target: Wish(value, before)}
        return replace(self, wanted={**self.wanted, racer: asked}, turns=self.turns + 1)

    def without(self, racer: int) -> "Stand":
        """Return it without a branch that has been let go."""
        wanted = {each: wishes for each, wishes in self.wanted.items() if each != racer}
        branches = tuple(each for each in self.plan.branches if each.racer != racer)
        return replace(self, wanted=wanted, plan=replace(self.plan, branches=branches))

    def end_trials(self) -> None:
        """End what is tried beside the run; what was found stays."""
        for trial in (self.rate_test, self.checks):
            if trial is not None:
                trial.cancel()

    def rate_curve(self, snapshot: Snapshot) -> RateCurve | None:
        """Return what the range test has found, with the rate that the lane in focus has or was asked to take."""
        if self.rate_test is None:
            return None
        present = self.knob("optimizer.lr", self.seen(snapshot), self.focus)
        return replace(self.rate_test.state(), present=present)

    def seen(self, snapshot: Snapshot) -> Snapshot:
        """Return the snapshot, or one of this run where another has taken its place since that was looked at."""
        is_of_this = {lane.spec for lane in snapshot.lanes} == set(self.run.specs)
        return snapshot if is_of_this else self.run.peek(0)

    def places(self, racer: int) -> tuple[int, ...]:
        """Return where a racer's lanes stand in this run; the first place where it has none."""
        lanes = getattr(self.run, "lanes", ())
        return tuple(place for place, lane in enumerate(lanes) if lane.racer == racer) or (0,)

    @property
    def focused(self) -> ExperimentSpec:
        """What the lane in focus trains."""
        plan: Planned = self.plan
        return self.run.specs[self.places(self.focus)[0]] if self.focus else plan.spec

    def lane(self, snapshot: Snapshot, racer: int = 0) -> Lane:
        """Return a racer's first lane in a snapshot of this run; one that has just joined may not be there yet."""
        return next((lane for lane in snapshot.lanes if lane.racer == racer), snapshot.lanes[0])

    def knobs(self, snapshot: Snapshot, racer: int = 0) -> dict[str, float]:
        """Return the values last asked for in a snapshot of this run."""
        return {**self.lane(snapshot, racer).knobs, **self._ahead(snapshot, racer)}

    def _ahead(self, snapshot: Snapshot, racer: int) -> dict[str, float]:
        """Return what was asked for and is not reached."""
        lane, wishes = self.lane(snapshot, racer), self.wanted.get(racer, {})
        return {target: wish.value for target, wish in wishes.items() if not wish.is_reached(target, lane)}

    def knob(self, target: str, snapshot: Snapshot, racer: int = 0) -> float:
        """Return one of these values, or the spec's before anything is built."""
        found = self.knobs(snapshot, racer).get(target)
        return knob_of(self.lane(snapshot, racer).spec, target) if found is None else found

    def rule(self, target: str, lanes: Sequence[int]) -> str:
        """Name the optimizer that a target of a racer belongs to; none where its lanes are not there (any more)."""
        is_there = lanes and lanes[0] < len(self.run.specs)
        return self.run.specs[lanes[0]].optimizer_of(target.partition(".")[0]).name if is_there else ""

    def choice(self, snapshot: Snapshot, racer: int = 0, player: str = "optimizer") -> Choice:
        """Return a racer's optimizer, or what another field of its spec has, with every live change written into it."""
        start = f"{player}."
        knobs = {
            name.removeprefix(start): value
            for name, value in self.knobs(snapshot, racer).items()
            if name.startswith(start)
        }
        return trimmed(live_of(self.lane(snapshot, racer).spec)[player].with_knobs(**knobs), player)

    def present(self, snapshot: Snapshot) -> Planned:
        """Return the plan with every live change written into its spec; where none was asked for, as it is."""
        plan: Planned = self.plan
        is_first = not self.focus or all(lane.racer != self.focus for lane in getattr(self.run, "lanes", ()))
        return plan if is_first and not self.turns else plan.alone(self.spec(self.focused, snapshot))

    def replay(self, snapshot: Snapshot) -> Planned:
        """Return the plan as all lanes went, each live change and each branch at its update."""
        plan: Planned = self.plan
        lane = self.lane(snapshot)
        ahead = [change for change in plan.journal if change.step >= lane.step and change not in lane.journal]
        first = [change for change in lane.journal if is_first(lane.spec, change)]
        spec = plan.spec
        for change in first:  # what was turned before the first update is where it began
            spec = with_knob(spec, change.target, change.value)
        done = [change for change in lane.journal if change not in first]
        branches = planned_branches(plan.branches, snapshot.lanes, self.run)
        focus = self.focus if any(each.racer == self.focus for each in branches) else 0
        return replace(plan, spec=spec, journal=(*done, *ahead), branches=branches, focus=focus)

    def is_ahead(self, snapshot: Snapshot) -> bool:
        """Tell whether anything was asked for that the run has not reached, as after its end."""
        return any(self._ahead(snapshot, racer) for racer in self.wanted)

    def spec(self, spec: ExperimentSpec, snapshot: Snapshot) -> ExperimentSpec:
        """Return the spec of the first lane with every live change written into it."""
        choices: dict[str, Choice | None] = {
            player: self.choice(snapshot, self.focus, player) for player in live_of(spec)
        }
        if spec.second_optimizer is None and choices.get("second_optimizer") == choices["optimizer"]:
            choices["second_optimizer"] = None  # it still follows the first
        return spec.with_(**choices, batch_size=int(self.knob("batch_size", snapshot, self.focus)))
