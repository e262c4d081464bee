"""A descent: several optimizers on one surface from one start; frozen, and also a link."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace

from nnviz.specs.experiment import Choice
from nnviz.specs.fields import refuse_unknown
from nnviz.specs.race import MOST_LANES
from nnviz.words import errors
from nnviz.words.language import message

MOST_STEPS = 1000
# Learning rates that show something on the default ravine; those of networks are too small for it.
LANES = (
    Choice.of("sgd", lr=0.09),
    Choice.of("momentum", lr=0.03),
    Choice.of("nag", lr=0.03),
    Choice.of("adagrad", lr=0.6),
    Choice.of("adadelta", lr=10),
    Choice.of("rmsprop", lr=0.04),
    Choice.of("adam", lr=0.15),
    Choice.of("adamw", lr=0.15, weight_decay=0.05),
)
_WHOLE = {"steps": (1, MOST_STEPS), "seed": (0, 2**31 - 1)}
_FARTHEST = 1e6
_LOUDEST = 1e6


@dataclass(frozen=True, slots=True)
class DescentSpec:
    """Everything that decides a descent; equal specs give bit-equal trails.

    Raises ValueError, naming the value and what is allowed, for a start, a count or a noise out of range.
    """

    surface: Choice = field(default_factory=lambda: Choice("ravine"))
    start: tuple[float, float] | None = None  # None: the surface's own
    lanes: tuple[Choice, ...] = LANES
    steps: int = 300
    noise: float = 0.0  # standard deviation of what is added to both parts of each gradient
    seed: int = 1

    def __post_init__(self) -> None:
        if not 1 <= len(self.lanes) <= MOST_LANES:
            raise ValueError(message(errors.LANES["descent"], most=MOST_LANES, count=len(self.lanes)))
        for name, (low, high) in _WHOLE.items():
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
                raise ValueError(message(errors.NUMBERS["whole_within"], name=name, low=low, high=high, value=value))
        object.__setattr__(self, "noise", _number("noise", self.noise, 0, _LOUDEST))
        if self.start is not None:
            object.__setattr__(self, "start", _start(self.start))

    def with_(self, **changes: object) -> "DescentSpec":
        """Return a copy with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def to_query(self) -> dict[str, str]:
        """Write the descent as the parameters of a link; `from_query` reads them back exactly."""
        query = {"surface": str(self.surface), "lanes": ";".join(map(str, self.lanes)), "steps": str(self.steps)}
        query |= {"noise": repr(self.noise), "seed": str(self.seed)}
        return query if self.start is None else {**query, "start": ",".join(map(repr, self.start))}

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "DescentSpec":
        """Read a link's parameters; missing ones take their default. Whether it can be walked is not asked."""
        names = [part.name for part in fields(cls)]
        refuse_unknown(query, names)
        read = {name: _read(name, query[name]) for name in names if query.get(name)}
        return cls(**read)  # type: ignore[arg-type]


def _read(name: str, text: str) -> object:
    if name == "surface":
        return Choice.parse(text)
    if name == "lanes":
        return tuple(Choice.parse(part) for part in text.split(";") if part)
    if name == "start":
        return tuple(_parsed(name, part) for part in text.split(","))
    if name == "noise":
        return _parsed(name, text)
    low, high = _WHOLE[name]
    if not re.fullmatch(r"[0-9]{1,12}", text):
        raise ValueError(message(errors.NUMBERS["whole_within"], name=name, low=low, high=high, value=text))
    return int(text)


def _parsed(name: str, text: str) -> float:
    """Read a number as Python writes it; words such as inf and digits of other scripts are refused."""
    if not re.fullmatch(r"[-+]?([0-9]{1,40}(\.[0-9]{0,40})?|\.[0-9]{1,40})(e[-+]?[0-9]{1,3})?", text):
        raise ValueError(message(errors.NUMBERS["plain"], name=name, value=text))
    return float(text)


def _number(name: str, value: object, low: float, high: float) -> float:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not is_number or not math.isfinite(value) or not low <= value <= high:  # type: ignore[arg-type, operator]
        raise ValueError(message(errors.NUMBERS["number_from"], name=name, low=low, high=high, value=value))
    return float(value) + 0.0  # type: ignore[arg-type]  # one zero only: -0.0 would be another link


def _start(place: object) -> tuple[float, float]:
    if not isinstance(place, (tuple, list)) or len(place) != 2:
        raise ValueError(message(errors.NUMBERS["point"], value=place))
    x, y = (_number("start", value, -_FARTHEST, _FARTHEST) for value in place)
    return x, y
