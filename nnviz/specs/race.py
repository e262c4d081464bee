"""A race: one experiment, several optimizers and seeds; frozen, and also a link."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from nnviz.specs.branches import BRANCHES, PlannedBranch, read_branches, with_changes
from nnviz.specs.experiment import Change, Choice, ExperimentSpec
from nnviz.specs.fields import refuse_unknown
from nnviz.words import errors
from nnviz.words.language import message

MOST_LANES = 8
MOST_SEEDS = 10
DEFAULT_LANES = tuple(
    map(Choice, ("sgd", "momentum", "nag", "adagrad", "adadelta", "rmsprop", "adam", "adamw")),
)
_TURN = re.compile(r"([0-9]{1,12})@([0-9*]{1,2}):([a-z0-9_.]+):([-+.0-9e]+)")


@dataclass(frozen=True, slots=True)
class LaneChange:
    """A live change of one racer, or of all where `racer` is None."""

    racer: int | None
    change: Change

    def __str__(self) -> str:
        who = "*" if self.racer is None else self.racer
        return f"{self.change.step}@{who}:{self.change.target}:{self.change.value!r}"

    @classmethod
    def parse(cls, text: str) -> "LaneChange":
        """Read what `str` wrote: `step@racer:target:value`; raises ValueError for anything else."""
        found = _TURN.fullmatch(text)
        try:
            step, who, target, value = found.groups() if found else ("", "", "", "")
            return cls(None if who == "*" else int(who), Change(int(step), target, float(value)))
        except ValueError:
            raise ValueError(message(errors.LINKS["turn"], value=text)) from None


@dataclass(frozen=True, slots=True)
class RaceSpec:
    """Everything that decides a race; the optimizer of `base` is not used.

    Raises ValueError for too few or too many lanes or seeds, or a turn of a racer that is not there.
    """

    base: ExperimentSpec = field(default_factory=ExperimentSpec)
    lanes: tuple[Choice, ...] = DEFAULT_LANES
    seeds: int = 1
    journal: tuple[LaneChange, ...] = ()
    branches: tuple[PlannedBranch, ...] = ()  # further racers, each of which goes on from where another one is then
    OWN: ClassVar = ("lanes", "seeds", "journal", BRANCHES, "optimizer")  # of a link, not handed to the experiment

    def __post_init__(self) -> None:
        object.__setattr__(self, "base", self.base.with_(optimizer=ExperimentSpec().optimizer))  # equal races are equal
        if not 2 <= len(self.lanes) <= MOST_LANES:
            raise ValueError(message(errors.LANES["race"], most=MOST_LANES, count=len(self.lanes)))
        if isinstance(self.seeds, bool) or not isinstance(self.seeds, int) or not 1 <= self.seeds <= MOST_SEEDS:
            raise _bad_seeds(self.seeds)
        for turn in self.journal:
            if turn.racer is not None and turn.racer >= len(self.lanes):
                raise ValueError(message(errors.CHOICES["racer"], name=turn.racer, last=len(self.lanes) - 1))

    @property
    def spec(self) -> ExperimentSpec:
        """What its lanes have in common."""
        return self.base

    @property
    def specs(self) -> tuple[ExperimentSpec, ...]:
        """One spec for each racer and seed, the seeds of a racer side by side."""
        seeds = [(self.base.seed + extra) % 2**31 for extra in range(self.seeds)]
        return tuple(self.base.with_(optimizer=lane, seed=seed) for lane in self.lanes for seed in seeds)

    @property
    def racers(self) -> tuple[int, ...]:
        """The racer of each of `specs`."""
        return tuple(place for place in range(len(self.lanes)) for _ in range(self.seeds))

    def with_spec(self, spec: ExperimentSpec) -> "RaceSpec":
        """Return a copy whose lanes have something else in common."""
        return replace(self, base=spec)

    def with_lanes(self, lanes: Iterable[Choice]) -> "RaceSpec":
        """Return a copy with other lanes, without anything that happened to those before on the way."""
        return replace(self, lanes=tuple(lanes), journal=(), branches=())

    def with_base(self, **changes: object) -> "RaceSpec":
        """Return a copy with some fields of the experiment changed."""
        return replace(self, base=self.base.with_(**changes))

    def places(self, racer: int | None) -> range:
        """The places in `specs` of a racer, or of all."""
        return range(len(self.racers)) if racer is None else range(racer * self.seeds, (racer + 1) * self.seeds)

    def to_query(self) -> dict[str, str]:
        """Write the race as the parameters of a link; `from_query` reads them back exactly."""
        query = {name: text for name, text in self.base.to_query().items() if name != "optimizer"}
        query |= {"lanes": ";".join(map(str, self.lanes)), "seeds": str(self.seeds)}
        turns = [*self.journal, *(LaneChange(each.racer, turn) for each in self.branches for turn in each.changes)]
        told = {"journal": ";".join(map(str, turns)), BRANCHES: ";".join(map(str, self.branches))}
        return {**query, **{name: text for name, text in told.items() if text}}

    @classmethod
    def parse(cls, query: Mapping[str, str]) -> dict[str, Any]:
        """Read the lanes, seeds and journal that a link names; raises ValueError for what cannot be read."""
        refuse_unknown(query, cls.OWN, passed=("seed",))
        lanes = tuple(Choice.parse(text) for text in _parts(query.get("lanes", "")))
        turns = [LaneChange.parse(text) for text in _parts(query.get("journal", ""))]
        branches = read_branches(query)
        theirs = {each.racer for each in branches}
        own = tuple(turn for turn in turns if turn.racer not in theirs)
        branches = with_changes(branches, [(turn.racer, turn.change) for turn in turns if turn.racer is not None])
        seeds = {"seeds": _count(query["seeds"])} if "seeds" in query else {}
        told = {"lanes": lanes, "journal": own, "branches": branches}
        return {**{name: value for name, value in told.items() if value}, **seeds}

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "RaceSpec":
        """Read what `to_query` wrote; missing fields take their default. Whether it can be run is not asked."""
        base = ExperimentSpec.from_query({name: query[name] for name in query if name not in cls.OWN})
        return cls(base, **cls.parse(query))


def _count(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text):
        raise _bad_seeds(text)
    return int(text)


def _bad_seeds(value: object) -> ValueError:
    return ValueError(message(errors.NUMBERS["whole_within"], name="seeds", low=1, high=MOST_SEEDS, value=value))


def _parts(text: str) -> Iterable[str]:
    return [part for part in text.split(";") if part]


def numbered(names: Sequence[str]) -> tuple[str, ...]:
    """Number names that come more than once: "Adam 1", "Adam 2"."""
    return tuple(
        f"{name} {names[: place + 1].count(name)}" if names.count(name) > 1 else name
        for place, name in enumerate(names)
    )
