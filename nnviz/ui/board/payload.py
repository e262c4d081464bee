"""What the board receives: JSON with arrays as typed base64, in the plot library's own notation."""

import json
import math
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

_TYPES = {"f8": "f4", "f2": "f4", "i8": "i4", "u8": "i4"}  # what a screen needs
_PLAIN = 4  # arrays up to this size stay lists: ranges and domains must be lists
_ATOMS = frozenset({str, int, bool, type(None)})


def encode(payload: Mapping[str, Any]) -> bytes:
    """Write a payload as UTF-8 JSON; numbers that are not finite become null outside typed arrays."""
    try:
        return _WRITER.encode(payload).encode()
    except (TypeError, ValueError):  # it holds a number that is not finite, or an odd key
        return _CAREFUL.encode(plain(payload)).encode()


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it."""
    kind = type(value)  # what is most common goes first: to ask for more than the type takes half of all writing
    if kind in _ATOMS:
        return value
    if kind is float:
        return value if math.isfinite(value) else None
    if kind is dict or isinstance(value, Mapping):
        return {str(key): part if type(part) in _ATOMS else _within(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [part if type(part) in _ATOMS else _within(part) for part in value]
    if isinstance(value, (np.ndarray, np.generic)):
        return plain(value.tolist())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value


def _within(part: Any) -> Any:
    return _array(part) if isinstance(part, np.ndarray) else plain(part)


def _array(array: NDArray[Any]) -> Any:
    if array.dtype.kind not in "fiu" or array.size <= _PLAIN:
        return plain(array.tolist())
    kind = array.dtype.str[1:]
    slim = np.ascontiguousarray(array, dtype="<" + _TYPES.get(kind, kind))
    typed = {"dtype": slim.dtype.str[1:], "bdata": b64encode(slim.tobytes()).decode()}
    return typed if slim.ndim == 1 else {**typed, "shape": ",".join(map(str, slim.shape))}


_CAREFUL = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False)
# Asks for what it does not know: to look at each part beforehand takes as long as all the rest of writing.
_WRITER = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_within)
