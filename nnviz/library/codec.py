"""What is kept of a run as JSON and arrays, and back: only values that nnviz knows, so that a file can do nothing."""

import math
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from types import ModuleType
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from nnviz.records import readings, run, shapes
from nnviz.records.status import Status
from nnviz.runs.lane_spec import LaneSpec
from nnviz.runs.past import Past
from nnviz.specs.branches import Leg
from nnviz.specs.experiment import Change, Choice, ExperimentSpec
from nnviz.training import Checkpoint
from nnviz.training.batches import Place
from nnviz.training.curve import LossCurve
from nnviz.words import errors
from nnviz.words.language import Message, message

_MANY = 1000  # numbers from which on it is worth while to write them shorter
_KIND = "is"  # in a JSON object: what the rest of it describes
# Not written while they are so: what older runs are written as stays.
_LATER: Mapping[tuple[str, str], Any] = {
    ("Checkpoint", "schedule"): (),
    ("Checkpoint", "averages"): None,
    ("LaneSpec", "earlier"): (),
    ("LaneSpec", "is_catching_up"): False,
}
_NEVER = object()  # equals no value


class Arrays(dict[str, NDArray[Any]]):
    """Arrays by their names, which begin alike."""

    def __init__(self, prefix: str = "") -> None:
        super().__init__()
        self.prefix = prefix


def _values(*modules: ModuleType) -> dict[str, type]:
    found = [each for module in modules for each in vars(module).values() if isinstance(each, type)]
    return {each.__name__: each for each in found if is_dataclass(each)}


_CLASSES: Mapping[str, type] = {
    **_values(readings, run, shapes),
    **{each.__name__: each for each in (LaneSpec, Leg, Past, Checkpoint, Place, Change, Message)},
}

# Each field of these, and the value at which it is not written.
_FIELDS: Mapping[str, tuple[tuple[str, Any], ...]] = {
    name: tuple((part.name, _LATER.get((name, part.name), _NEVER)) for part in fields(kind))
    for name, kind in _CLASSES.items()
}


def encode(value: Any, arrays: Arrays) -> Any:
    """Write a value as JSON; its arrays go into `arrays`, under names that the JSON tells. TypeError for others."""
    return _WRITERS.get(type(value), _rare)(value, arrays)


def _rare(value: Any, arrays: Arrays) -> Any:
    """Write what is of no type of `_WRITERS`, though perhaps of one that is like it."""
    if isinstance(value, Enum):
        return {_KIND: "status", "value": str(value)}
    if isinstance(value, str):
        return value
    if isinstance(value, int | float | np.generic):
        return _number(value.item() if isinstance(value, np.generic) else value)
    if isinstance(value, np.ndarray | Tensor):
        return _array(value, arrays)
    return _group(value, arrays)


def _number(value: float) -> Any:
    return value if isinstance(value, int) or math.isfinite(value) else {_KIND: "number", "value": repr(value)}


def _array(value: NDArray[Any] | Tensor, arrays: Arrays) -> dict[str, Any]:
    name = f"{arrays.prefix}{len(arrays)}"
    found = value.detach().cpu().numpy() if isinstance(value, Tensor) else value
    slim = _slim(found)
    arrays[name] = slim if slim.flags.c_contiguous else np.array(slim, order="C")  # a number stays one
    as_it_was = {} if slim is found else {"dtype": str(found.dtype)}
    return {_KIND: "tensor" if isinstance(value, Tensor) else "array", "name": name, **as_it_was}


def _slim(found: NDArray[Any]) -> NDArray[Any]:
    """Return whole numbers with fewer bytes where all of many have room in these, as the order of the examples has."""
    if found.dtype != np.int64 or found.size < _MANY:
        return found
    low, high = found.min(), found.max()
    slimmer = (kind for kind in (np.uint16, np.int32) if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max)
    return found.astype(next(slimmer, np.int64), copy=False)


def _group(value: Any, arrays: Arrays) -> Any:
    if isinstance(value, tuple):
        return [encode(part, arrays) for part in value]
    if isinstance(value, list | frozenset | set):
        parts = value if isinstance(value, list) else sorted(value)
        return {_KIND: "list" if isinstance(value, list) else "set", "parts": [encode(part, arrays) for part in parts]}
    if isinstance(value, Mapping):
        return {_KIND: "map", "pairs": [[encode(part, arrays) for part in pair] for pair in value.items()]}
    if isinstance(value, ExperimentSpec):
        return {_KIND: "spec", "query": value.to_query()}
    if isinstance(value, Choice):
        return {_KIND: "choice", "value": str(value)}
    if isinstance(value, LossCurve):
        return {_KIND: "curve", **{name: encode(part, arrays) for name, part in value.state().items()}}
    if type(value).__name__ in _CLASSES:
        return _parts(value, arrays)
    raise TypeError(type(value).__name__)


def _parts(value: Any, arrays: Arrays) -> dict[str, Any]:
    """Write a value of one of `_CLASSES`, field by field."""
    kind = type(value).__name__
    found: dict[str, Any] = {_KIND: kind}
    for name, usual in _FIELDS[kind]:
        part = getattr(value, name)
        if usual is _NEVER or part != usual:
            found[name] = encode(part, arrays)
    return found


def _plain(value: Any, arrays: Arrays) -> Any:
    return value


def _float(value: float, arrays: Arrays) -> Any:
    return value if math.isfinite(value) else _number(value)


_WRITERS: Mapping[type, Callable[[Any, Arrays], Any]] = {
    **dict.fromkeys((type(None), bool, str, int), _plain),
    float: _float,
    tuple: lambda value, arrays: [encode(part, arrays) for part in value],
    **dict.fromkeys((np.ndarray, Tensor), _array),
    **dict.fromkeys(_CLASSES.values(), _parts),
    **dict.fromkeys((ExperimentSpec, Choice), _group),
}


def decode(written: Any, arrays: Mapping[str, NDArray[Any]]) -> Any:
    """Read what `encode` wrote; ValueError for anything else."""
    if isinstance(written, list):
        return tuple(decode(part, arrays) for part in written)
    if not isinstance(written, dict):
        return written
    kind = written.get(_KIND)
    rest = {name: part for name, part in written.items() if name != _KIND}
    try:
        return _READERS[kind](rest, arrays) if kind in _READERS else _value(str(kind), rest, arrays)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(message(errors.LIBRARY["strange"], kind=str(kind), reason=str(error))) from None


def _value(kind: str, rest: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Any:
    return _CLASSES[kind](**{name: decode(part, arrays) for name, part in rest.items()})


def _tensor(rest: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Tensor:
    return torch.from_numpy(_as_it_was(rest, arrays))


def _still(rest: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
    found = _as_it_was(rest, arrays)
    found.flags.writeable = False
    return found


def _as_it_was(rest: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
    return np.array(arrays[rest["name"]], dtype=rest.get("dtype"))


def _map(rest: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> dict[Any, Any]:
    return {decode(name, arrays): decode(part, arrays) for name, part in rest["pairs"]}


_READERS: Mapping[Any, Callable[[Mapping[str, Any], Mapping[str, NDArray[Any]]], Any]] = {
    "status": lambda rest, arrays: Status(rest["value"]),
    "number": lambda rest, arrays: float(rest["value"]),
    "tensor": _tensor,
    "array": _still,
    "list": lambda rest, arrays: [decode(part, arrays) for part in rest["parts"]],
    "set": lambda rest, arrays: frozenset(decode(part, arrays) for part in rest["parts"]),
    "map": _map,
    "spec": lambda rest, arrays: ExperimentSpec.from_query(rest["query"]),
    "choice": lambda rest, arrays: Choice.parse(rest["value"]),
    "curve": lambda rest, arrays: LossCurve.of({name: decode(part, arrays) for name, part in rest.items()}),
}
