"""A race: one experiment, several optimizers and seeds; frozen, and also a link."""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from nnviz.spec import Change, Choice, ExperimentSpec

MOST_LANES = 8
MOST_SEEDS = 10
DEFAULT_LANES = tuple(
    map(Choice, ("sgd", "momentum", "nag", "adagrad", "adadelta", "rmsprop", "adam", "adamw")),
)
_OWN = ("lanes", "seeds", "journal")  # a link's parameters beside those of the experiment
_TURN = re.compile(r"([0-9]{1,12})@([0-9*]{1,2}):([a-z0-9_.]+):([-+.0-9e]+)")


@dataclass(frozen=True, slots=True)
class Turn:
    """A live change of one racer, or of all where `racer` is None."""

    racer: int | None
    change: Change

    def __str__(self) -> str:
        who = "*" if self.racer is None else self.racer
        return f"{self.change.step}@{who}:{self.change.target}:{self.change.value!r}"

    @classmethod
    def parse(cls, text: str) -> "Turn":
        """Read what `str` wrote: `step@racer:target:value`; raises ValueError for anything else."""
        found = _TURN.fullmatch(text)
        try:
            step, who, target, value = found.groups() if found else ("", "", "", "")
            return cls(None if who == "*" else int(who), Change(int(step), target, float(value)))
        except ValueError:
            raise ValueError(
                f"{text!r} does not read as step@racer:target:value, such as 120@0:optimizer.lr:0.01"
            ) from None


@dataclass(frozen=True, slots=True)
class RaceSpec:
    """Everything that decides a race; the optimizer of `base` is not used.

    Raises ValueError for too few or too many lanes or seeds, or a turn of a racer that is not there.
    """

    base: ExperimentSpec = field(default_factory=ExperimentSpec)
    lanes: tuple[Choice, ...] = DEFAULT_LANES
    seeds: int = 1
    journal: tuple[Turn, ...] = ()

    def __post_init__(self) -> None:
        if not 2 <= len(self.lanes) <= MOST_LANES:
            raise ValueError(f"a race has 2 to {MOST_LANES} lanes, not {len(self.lanes)}")
        if isinstance(self.seeds, bool) or not isinstance(self.seeds, int) or not 1 <= self.seeds <= MOST_SEEDS:
            raise ValueError(f"seeds must be a whole number from 1 to {MOST_SEEDS}, not {self.seeds!r}")
        for turn in self.journal:
            if turn.racer is not None and turn.racer >= len(self.lanes):
                raise ValueError(f"there is no racer {turn.racer}; choose one from 0 to {len(self.lanes) - 1}")

    @property
    def specs(self) -> tuple[ExperimentSpec, ...]:
        """One spec for each racer and seed, the seeds of a racer side by side."""
        seeds = [(self.base.seed + extra) % 2**31 for extra in range(self.seeds)]
        return tuple(self.base.with_(optimizer=lane, seed=seed) for lane in self.lanes for seed in seeds)

    @property
    def racers(self) -> tuple[int, ...]:
        """The racer of each of `specs`."""
        return tuple(place for place in range(len(self.lanes)) for _ in range(self.seeds))

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
        return {**query, "journal": ";".join(map(str, self.journal))} if self.journal else query

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "RaceSpec":
        """Read a link's parameters; missing ones take their default.

        Raises ValueError, naming the value and the alternatives, for anything that cannot be run.
        """
        for key in query:
            close = difflib.get_close_matches(key, _OWN, 1, 0.75)
            if key not in (*_OWN, "seed") and close:
                raise ValueError(f"{key!r} is not part of a link; did you mean {close[0]!r}?")
        lanes = tuple(Choice.parse(text) for text in _parts(query.get("lanes", "")))
        seeds = query.get("seeds", "1")
        if not re.fullmatch(r"[0-9]{1,4}", seeds):
            raise ValueError(f"seeds must be a whole number from 1 to {MOST_SEEDS}, not {seeds!r}")
        # Only here does this floor look up, as ExperimentSpec.from_query does.
        from nnviz.catalog import check_race

        rest = {name: text for name, text in query.items() if name not in (*_OWN, "optimizer")}
        journal = tuple(Turn.parse(text) for text in _parts(query.get("journal", "")))
        return check_race(cls(ExperimentSpec.from_query(rest), lanes or DEFAULT_LANES, int(seeds), journal))


def _parts(text: str) -> Iterable[str]:
    return [part for part in text.split(";") if part]
