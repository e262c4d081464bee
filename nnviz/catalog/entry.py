"""The shape of a catalogue: entries with knobs, and the check of a choice against them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from nnviz.spec import Choice, Value

Built = TypeVar("Built", covariant=True)


@dataclass(frozen=True, slots=True)
class Knob:
    """A number (or one of `choices`, or a text that `check` accepts) that an entry can be given."""

    name: str
    label: str
    default: Value
    low: float | None = None
    high: float | None = None
    log: bool = False  # menus offer 1, 3, 10, 30 ... of each power of ten (and 0 where low is 0)
    whole: bool = False
    live: bool = False  # may change while a run goes on
    shown: tuple[float, float] | None = None  # the range of menus, where narrower than what is valid
    choices: tuple[Value, ...] = ()
    help: str = ""
    check: Callable[[Value], str] | None = None  # returns the canonical text or raises ValueError
    lines: int = 0  # of the field of a longer text

    def validate(self, value: Value) -> Value:
        """Return the value in its canonical form, or raise ValueError naming it and what is allowed."""
        if self.check is not None:
            return self.check(value)
        if self.choices:
            if value not in self.choices:
                raise ValueError(f"{self.name} must be one of {', '.join(map(str, self.choices))}, not {value!r}")
            return value
        is_number = isinstance(value, int if self.whole else (int, float)) and not isinstance(value, bool)
        if not is_number or not self._low <= float(value) <= self._high:
            kind = "a whole number" if self.whole else "a number"
            raise ValueError(f"{self.name} must be {kind} from {self._low:g} to {self._high:g}, not {value!r}")
        return value

    @property
    def _low(self) -> float:
        return -float("inf") if self.low is None else self.low

    @property
    def _high(self) -> float:
        return float("inf") if self.high is None else self.high


ON_OFF: tuple[Value, ...] = ("on", "off")


def switch(name: str, label: str, default: str, help: str) -> Knob:
    """Describe a knob that is on or off."""
    return Knob(name, label, default, choices=ON_OFF, help=help)


@dataclass(frozen=True, slots=True)
class Entry(Generic[Built]):
    """One thing that can be chosen: what menus show, what builds it, and its knobs."""

    label: str
    build: Callable[..., Built]
    knobs: tuple[Knob, ...] = ()
    note: str = ""  # a sentence or two for the reader

    def values(self, choice: Choice) -> dict[str, Any]:
        """Every knob's value: the choice's own, else the default; raises ValueError for a bad one."""
        known = {knob.name: knob for knob in self.knobs}
        for name in choice.knobs:
            if name not in known:
                offer = ", ".join(known) or "none"
                raise ValueError(f"{choice.name} has no knob {name!r}; its knobs are: {offer}")
        return {name: knob.validate(choice.knobs.get(name, knob.default)) for name, knob in known.items()}


def pick(kind: str, catalogue: Mapping[str, Entry[Built]], choice: Choice) -> Entry[Built]:
    """Find a choice's entry, or raise ValueError naming the alternatives; its knobs are checked too."""
    if choice.name not in catalogue:
        raise ValueError(f"there is no {kind} {choice.name!r}; choose one of {', '.join(catalogue)}")
    catalogue[choice.name].values(choice)
    return catalogue[choice.name]
