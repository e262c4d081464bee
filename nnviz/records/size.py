"""How much memory frozen numbers take."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np


def bytes_of(value: Any) -> int:
    """Count the bytes of all arrays in a value; plain numbers and words count as nothing."""
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, Mapping):
        return sum(map(bytes_of, value.values()))
    if isinstance(value, list | tuple):
        return sum(map(bytes_of, value))
    if hasattr(value, "nbytes"):  # a tensor
        return int(value.nbytes)
    if is_dataclass(value):
        return sum(bytes_of(getattr(value, part.name)) for part in fields(value))
    return 0
