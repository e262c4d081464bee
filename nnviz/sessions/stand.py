"""What a session holds at one moment: replaced as a whole, so that whoever looks without a lock sees no mixture."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from nnviz.catalog import optimizers_of
from nnviz.records.run import Lane, Snapshot
from nnviz.runs.source import Source
from nnviz.sessions.choices import knob_of, trimmed
from nnviz.specs.experiment import Choice, ExperimentSpec


@dataclass(frozen=True, slots=True)
class Stand:
    """A plan, its run, and the live values asked for since it began (of each racer), which it may not have reached."""

    plan: Any
    run: Source
    wanted: Mapping[int, Mapping[str, float]] = field(default_factory=dict)
    turns: int = 0  # live changes asked for
    generation: int = 0  # grows with every fresh run of the session

    def turned(self, target: str, value: float, racer: int) -> "Stand":
        """Return it with one more live value asked for."""
        asked = {**self.wanted.get(racer, {}), target: value}
        return replace(self, wanted={**self.wanted, racer: asked}, turns=self.turns + 1)

    def seen(self, snapshot: Snapshot) -> Snapshot:
        """Return the snapshot, or one of this run where another has taken its place since that was looked at."""
        is_of_this = tuple(lane.spec for lane in snapshot.lanes) == self.run.specs
        return snapshot if is_of_this else self.run.peek(0)

    def lane(self, snapshot: Snapshot, racer: int = 0) -> Lane:
        """Return a racer's first lane in a snapshot of this run."""
        return next(lane for lane in snapshot.lanes if lane.racer == racer)

    def knobs(self, snapshot: Snapshot, racer: int = 0) -> dict[str, float]:
        """Return the values last asked for in a snapshot of this run."""
        return {**self.lane(snapshot, racer).knobs, **self.wanted.get(racer, {})}

    def knob(self, target: str, snapshot: Snapshot, racer: int = 0) -> float:
        """Return one of these values, or the spec's before anything is built."""
        found = self.knobs(snapshot, racer).get(target)
        return knob_of(self.lane(snapshot, racer).spec, target) if found is None else found

    def choice(self, snapshot: Snapshot, racer: int = 0, player: str = "optimizer") -> Choice:
        """Return a racer's optimizer (that of the player whose field it is) with every live change written into it."""
        start = f"{player}."
        knobs = {
            name.removeprefix(start): value
            for name, value in self.knobs(snapshot, racer).items()
            if name.startswith(start)
        }
        return trimmed(self.lane(snapshot, racer).spec.optimizer_of(player).with_knobs(**knobs))

    def spec(self, spec: ExperimentSpec, snapshot: Snapshot) -> ExperimentSpec:
        """Return the spec of the first lane with every live change written into it."""
        choices: dict[str, Choice | None] = {
            player: self.choice(snapshot, player=player) for player in optimizers_of(spec)
        }
        if spec.second_optimizer is None and choices.get("second_optimizer") == choices["optimizer"]:
            choices["second_optimizer"] = None  # it still follows the first
        return spec.with_(**choices, batch_size=int(self.knob("batch_size", snapshot)))
