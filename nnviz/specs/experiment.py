"""What to run: frozen, hashable descriptions that are also the link in the address bar."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import quote, unquote

from nnviz.specs.fields import refuse_unknown
from nnviz.words import errors
from nnviz.words.language import message

Value = float | int | str

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_PLAIN = "".join(map(chr, range(33, 127))).translate({ord(c): None for c in "%=&?#+"})


def _canonical(value: object) -> Value:
    """Give equal knobs one spelling, so that equal specs are equal links: 1.0 and "1" become 1."""
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        return value
    if not isinstance(value, (str, int, float)):
        raise ValueError(message(errors.NUMBERS["knob"], value=value))
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ValueError(message(errors.NUMBERS["finite"], value=value))
    return int(number) if number == int(number) and abs(number) < 1e15 else number


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a catalogue with the knobs that differ from its defaults."""

    name: str
    _knobs: tuple[tuple[str, Value], ...] = ()

    def __init__(self, name: str, knobs: Mapping[str, Value] | None = None) -> None:
        items = sorted((knobs or {}).items())
        for word in (name, *(key for key, _ in items)):
            if not isinstance(word, str) or not _NAME.fullmatch(word):
                raise ValueError(message(errors.LINKS["name"], word=word))
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "_knobs", tuple((key, _canonical(value)) for key, value in items))

    @property
    def knobs(self) -> dict[str, Value]:
        """The knobs by name, as a fresh dictionary."""
        return dict(self._knobs)

    @classmethod
    def of(cls, name: str, /, **knobs: Value) -> "Choice":
        """Name an entry and its knobs: `Choice.of("adam", lr=0.01)`."""
        return cls(name, knobs)

    def with_knobs(self, **knobs: Value) -> "Choice":
        """Return the same entry with some knobs changed."""
        return Choice(self.name, {**self.knobs, **knobs})

    def __str__(self) -> str:
        if not self._knobs:
            return self.name
        return self.name + ":" + ",".join(f"{key}={_spell(value)}" for key, value in self._knobs)

    @classmethod
    def parse(cls, text: str) -> "Choice":
        """Read what `str` wrote: `name` or `name:knob=value,knob=value` (commas within a value are kept)."""
        name, _, rest = text.partition(":")
        parts: list[list[str]] = []
        for piece in rest.split(",") if rest else []:
            key, sign, value = piece.partition("=")
            if sign:
                parts.append([key, value])
            elif parts:
                parts[-1][1] += "," + piece
            else:
                raise ValueError(message(errors.LINKS["choice"], value=text))
        knobs = {key: unquote(value) for key, value in parts}
        if len(knobs) < len(parts):
            raise ValueError(message(errors.LINKS["twice"], value=text))
        return cls(name, knobs)


def _spell(value: Value) -> str:
    return quote(value, safe=_PLAIN) if isinstance(value, str) else repr(value)


@dataclass(frozen=True, slots=True)
class Change:
    """A live knob's turn: before update `step` (updates done so far), set `target` to `value`.

    Targets are `batch_size` and `optimizer.KNOB` for every live knob of the optimizer, `second_optimizer.KNOB`
    where the network has two players, and `clipping.max` where gradients are clipped.
    """

    step: int
    target: str
    value: float


@dataclass(frozen=True, slots=True)
class ExperimentSpec:
    """Everything that decides a training run; equal specs train bit-equal."""

    dataset: Choice = Choice("digits")
    model: Choice = Choice("mlp", {"hidden": "32"})
    activation: Choice = Choice("relu")
    initializer: Choice = Choice("he_normal")
    loss: Choice = Choice("cross_entropy")
    optimizer: Choice = Choice("adam")
    batch_size: int = 32
    epochs: int = 30  # 0: until stopped
    seed: int = 1
    device: str = "cpu"
    second_optimizer: Choice | None = None  # of the second of two players (None: the same rule as the first)
    schedule: Choice = Choice("constant")  # what the learning rates are multiplied by, update by update
    clipping: Choice = Choice("none")  # of gradients
    order: Choice = Choice("shuffled")  # of the training examples
    accumulate: int = 1  # batches whose gradients are added up for one update
    decay: Choice = Choice("all")  # which parameters weight decay pulls at
    averaging: Choice = Choice("none")  # of the weights, for evaluation
    fault: Choice | None = None  # what is planted on purpose, so that it can be found

    def __post_init__(self) -> None:
        for name in _CHOICES:
            if name not in _OPTIONAL or getattr(self, name) is not None:
                object.__setattr__(self, name, _as_choice(name, getattr(self, name)))
        for name, (low, high) in _WHOLE.items():
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
                raise ValueError(message(errors.NUMBERS["whole_within"], name=name, low=low, high=high, value=value))

    def optimizer_of(self, field: str) -> Choice:
        """Return a player's optimizer by its field; the second player's is the first one's where none is set."""
        return getattr(self, field) or self.optimizer

    def with_(self, **changes: object) -> "ExperimentSpec":
        """Return a copy with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def to_query(self) -> dict[str, str]:
        """Write the spec as the parameters of a link; `from_query` reads them back exactly."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        usual = {field.name: field.default for field in fields(self) if field.name in _QUIET}
        return {name: str(value) for name, value in values.items() if value != usual.get(name)}

    @classmethod
    def parse(cls, query: Mapping[str, str]) -> dict[str, Any]:
        """Read the fields that a link names; raises ValueError for what cannot be read."""
        names = [field.name for field in fields(cls)]
        refuse_unknown(query, names)
        return {name: _read(name, query[name]) for name in names if name in query}

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "ExperimentSpec":
        """Read what `to_query` wrote; missing fields take their default. Whether it can be run is not asked."""
        return cls(**cls.parse(query))


_LATER = ("schedule", "clipping", "order", "decay", "averaging")
_QUIET = (*_LATER, "accumulate")  # written only where they are not as usual: older links stay as they are
_OPTIONAL = ("second_optimizer", "fault")
_CHOICES = ("dataset", "model", "activation", "initializer", "loss", "optimizer", *_OPTIONAL, *_LATER)
_WHOLE = {"batch_size": (1, 4096), "epochs": (0, 100_000), "seed": (0, 2**31 - 1), "accumulate": (1, 64)}


def _as_choice(name: str, value: object) -> Choice:
    """Accept a choice, its text, or a choice made before Streamlit reloaded this module: that is another class."""
    if isinstance(value, Choice):
        return value
    if isinstance(value, str):
        return Choice.parse(value)
    if type(value).__name__ == "Choice":
        return Choice(value.name, value.knobs)  # type: ignore[attr-defined]
    raise ValueError(message(errors.CHOICES["choice"], name=name, value=value))


def _read(name: str, text: str) -> Choice | int | str:
    if name in _CHOICES:
        return Choice.parse(text)
    if name not in _WHOLE:
        return text
    low, high = _WHOLE[name]
    if not re.fullmatch(r"[0-9]{1,12}", text):
        raise ValueError(message(errors.NUMBERS["whole_within"], name=name, low=low, high=high, value=text))
    return int(text)
