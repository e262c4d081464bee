"""The shape of a catalogue: entries with knobs, and the check of a choice against them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from nnviz.specs.experiment import Choice, Value
from nnviz.words import errors
from nnviz.words.language import Text, message

Built = TypeVar("Built", covariant=True)


@dataclass(frozen=True, slots=True)
class Knob:
    """A number (or one of `choices`, or a text that `check` accepts) that an entry can be given."""

    name: str
    label: Text
    default: Value
    low: float | None = None
    high: float | None = None
    log: bool = False  # menus offer 1, 3, 10, 30 ... of each power of ten (and 0 where low is 0)
    whole: bool = False
    live: bool = False  # may change while a run goes on
    more: bool = False  # not for beginners: it stands behind "More knobs"
    typed: bool = False  # may also be written into a field, any value in its range
    shown: tuple[float, float] | None = None  # the range of menus, where narrower than what is valid
    choices: tuple[Value, ...] = ()
    help: Text = ""
    check: Callable[[Value], str] | None = None  # returns the canonical text or raises ValueError
    lines: int = 0  # of the field of a longer text

    def validate(self, value: Value) -> Value:
        """Return the value in its canonical form, or raise ValueError naming it and what is allowed."""
        if self.check is not None:
            return self.check(value)
        if self.choices:
            if value not in self.choices:
                choices = errors.listed(self.choices)
                raise ValueError(message(errors.CHOICES["one_of"], name=self.name, choices=choices, value=value))
            return value
        is_number = isinstance(value, int if self.whole else (int, float)) and not isinstance(value, bool)
        if not is_number or not self._low <= float(value) <= self._high:
            text = errors.NUMBERS["whole_from" if self.whole else "number_from"]
            raise ValueError(message(text, name=self.name, low=self._low, high=self._high, value=value))
        return value

    @property
    def _low(self) -> float:
        return -float("inf") if self.low is None else self.low

    @property
    def _high(self) -> float:
        return float("inf") if self.high is None else self.high


ON_OFF: tuple[Value, ...] = ("on", "off")


def switch(name: str, label: Text, default: str, help: Text) -> Knob:
    """Describe a knob that is on or off."""
    return Knob(name, label, default, choices=ON_OFF, help=help)


@dataclass(frozen=True, slots=True)
class Entry(Generic[Built]):
    """One thing that can be chosen: what menus show, what builds it, and its knobs."""

    label: Text
    build: Callable[..., Built]
    knobs: tuple[Knob, ...] = ()
    note: Text = ""  # a sentence or two for the reader

    def values(self, choice: Choice) -> dict[str, Any]:
        """Every knob's value: the choice's own, else the default; raises ValueError for a bad one."""
        known = {knob.name: knob for knob in self.knobs}
        for name in choice.knobs:
            if name not in known:
                choices = errors.listed(known)
                raise ValueError(message(errors.CHOICES["knob"], name=choice.name, knob=name, choices=choices))
        return {name: knob.validate(choice.knobs.get(name, knob.default)) for name, knob in known.items()}


def pick(kind: Text, catalogue: Mapping[str, Entry[Built]], choice: Choice) -> Entry[Built]:
    """Find a choice's entry, or raise ValueError naming the alternatives; its knobs are checked too."""
    if choice.name not in catalogue:
        choices = errors.listed(catalogue)
        raise ValueError(message(errors.CHOICES["entry"], kind=message(kind), name=choice.name, choices=choices))
    catalogue[choice.name].values(choice)
    return catalogue[choice.name]
