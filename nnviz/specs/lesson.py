"""The state of a lesson: frozen numbers with bounds, which are also its link."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, field, fields, replace
from typing import Any, Self

from nnviz.words import errors
from nnviz.words.language import message

Pairs = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a field of a state may hold."""

    kind: str  # "number", "whole", "choice", "switch", "numbers" or "pairs"
    low: float = -math.inf
    high: float = math.inf
    step: float = 0.01  # of the field's dial
    is_log: bool = False  # the dial moves in powers of ten
    choices: tuple[str, ...] = ()
    least: int = 0  # entries of a list
    most: int = 0


def number(default: float, low: float, high: float, *, step: float = 0.01, is_log: bool = False) -> Any:
    """Declare a number between two bounds, both included."""
    return field(default=default, metadata={"bounds": Bounds("number", low, high, step, is_log)})


def whole(default: int, low: int, high: int, *, step: int = 1) -> Any:
    """Declare a whole number between two bounds, both included."""
    return field(default=default, metadata={"bounds": Bounds("whole", low, high, step)})


def choice(default: str, choices: Sequence[str]) -> Any:
    """Declare one of several names."""
    return field(default=default, metadata={"bounds": Bounds("choice", choices=tuple(choices))})


def switch(default: bool) -> Any:
    """Declare a yes or no."""
    return field(default=default, metadata={"bounds": Bounds("switch")})


def numbers(default: Sequence[float], low: float, high: float, *, step: float = 0.01, least: int, most: int) -> Any:
    """Declare a list of numbers, each between two bounds: the entries of a matrix row by row, logits."""
    bounds = Bounds("numbers", low, high, step, least=least, most=most)
    return field(default=tuple(map(float, default)), metadata={"bounds": bounds})


def pairs(default: Pairs, low: float, high: float, *, least: int, most: int) -> Any:
    """Declare a list of points of the plane, both coordinates between two bounds."""
    return field(default=default, metadata={"bounds": Bounds("pairs", low, high, least=least, most=most)})


@dataclass(frozen=True)
class LessonState:
    """What the reader of a lesson has chosen; each lesson declares its fields with the functions above.

    Raises ValueError naming the value and the choices when a field is given what it cannot hold.
    """

    def __post_init__(self) -> None:
        for part in fields(self):
            object.__setattr__(self, part.name, _checked(part.name, getattr(self, part.name), bounds_of(part)))

    def with_(self, **changes: Any) -> Self:
        """Return the same state with some fields changed."""
        return replace(self, **changes)

    def to_query(self) -> dict[str, str]:
        """Write the fields that differ from their defaults."""
        return {
            part.name: _spelled(value)
            for part in fields(self)
            if (value := getattr(self, part.name)) != default_of(part)
        }

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Self:
        """Read what `to_query` wrote; raises ValueError naming what cannot be read and the choices."""
        known = {part.name: bounds_of(part) for part in fields(cls)}
        for name in query:
            if name not in known:
                raise ValueError(message(errors.CHOICES["setting"], name=name, choices=errors.listed(known)))
        return cls(**{name: _read(name, text, known[name]) for name, text in query.items()})


def bounds_of(part: "Field[Any]") -> Bounds:
    """Return the bounds that a field was declared with."""
    bounds: Bounds = part.metadata["bounds"]
    return bounds


def default_of(part: "Field[Any]") -> Any:
    """Return what a field holds before anybody has touched it."""
    return part.default if part.default is not MISSING else None


def field_of(kind: type[LessonState], name: str) -> "Field[Any]":
    """Find a field of a kind of state by its name."""
    return next(part for part in fields(kind) if part.name == name)


def _checked(name: str, value: Any, bounds: Bounds) -> Any:
    match bounds.kind:
        case "choice":
            return _one_of(name, value, bounds.choices)
        case "switch":
            return _one_of(name, value, (True, False))
        case "number" | "whole":
            return _within(name, value, bounds)
        case "numbers":
            return tuple(_within(name, entry, bounds) for entry in _counted(name, value, bounds))
        case _:
            points = _counted(name, value, bounds)
            return tuple((_within(name, x, bounds), _within(name, y, bounds)) for x, y in points)


def _one_of(name: str, value: Any, choices: tuple[Any, ...]) -> Any:
    if value not in choices:
        raise ValueError(message(errors.CHOICES["is_one_of"], name=name, choices=errors.listed(choices), value=value))
    return value


def _within(name: str, value: Any, bounds: Bounds) -> float:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not is_number or not bounds.low <= value <= bounds.high:
        raise ValueError(message(errors.NUMBERS["from"], name=name, low=bounds.low, high=bounds.high, value=value))
    if bounds.kind != "whole":
        return float(value)
    if value != int(value):
        raise ValueError(message(errors.NUMBERS["whole"], name=name, value=value))
    return int(value)


def _counted(name: str, value: Any, bounds: Bounds) -> tuple[Any, ...]:
    entries = tuple(value)
    if not bounds.least <= len(entries) <= bounds.most:
        raise ValueError(
            message(errors.NUMBERS["entries"], name=name, least=bounds.least, most=bounds.most, count=len(entries))
        )
    return entries


def _spelled(value: Any) -> str:
    if isinstance(value, tuple):
        return ";".join(
            ",".join(map(_spelled, entry)) if isinstance(entry, tuple) else _spelled(entry) for entry in value
        )
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.0f}" if isinstance(value, float) and value == int(value) and abs(value) < 1e15 else str(value)


def _read(name: str, text: str, bounds: Bounds) -> Any:
    match bounds.kind:
        case "choice":
            return text
        case "switch":
            return _one_of(name, text, ("yes", "no")) == "yes"
        case "number" | "whole":
            return _number(name, text)
        case "numbers":
            return tuple(_number(name, part) for part in text.split(";") if part)
        case _:
            return tuple(_pair(name, part) for part in text.split(";") if part)


def _number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(message(errors.NUMBERS["number"], name=name, value=text)) from None


def _pair(name: str, text: str) -> tuple[float, float]:
    x, comma, y = text.partition(",")
    if not comma:
        raise ValueError(message(errors.NUMBERS["points"], name=name, value=text))
    return _number(name, x), _number(name, y)
