"""Writes arrays as safetensors, in one go: the package's own way holds up whoever trains while it writes."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_ALIGNED = 8  # bytes: where the arrays begin, and a multiple of what any number takes
# What the format calls each kind of number.
_KINDS: Mapping[np.dtype[Any], str] = {
    np.dtype(name): kind
    for name, kind in {
        "float64": "F64", "float32": "F32", "float16": "F16", "int64": "I64", "int32": "I32", "int16": "I16",
        "int8": "I8", "uint64": "U64", "uint32": "U32", "uint16": "U16", "uint8": "U8", "bool": "BOOL",
    }.items()
}  # fmt: skip


def write_tensors(file: Path, arrays: Mapping[str, NDArray[Any]], words: Mapping[str, str]) -> str:
    """Write arrays, contiguous ones, by their names, and words beside them; return the content's digest.

    Raises TypeError for numbers that the format has no name for.
    """
    ordered = sorted(arrays.items(), key=lambda each: -each[1].itemsize)  # so that each one begins where its kind may
    head = _head(ordered, words)
    content = b"".join([len(head).to_bytes(8, "little"), head, *(array.data for _, array in ordered)])
    with file.open("wb", buffering=0) as out:
        left = memoryview(content)
        while left:
            left = left[out.write(left) :]
    return hashlib.sha256(content).hexdigest()


def _head(ordered: list[tuple[str, NDArray[Any]]], words: Mapping[str, str]) -> bytes:
    told, end, known = [f'"__metadata__":{json.dumps(words)}'], 0, dict[tuple[str, tuple[int, ...]], tuple[str, int]]()
    for name, array in ordered:
        key = array.dtype.char, array.shape
        kind, size = known.get(key) or known.setdefault(key, _kind(array))
        start, end = end, end + size
        told.append(f'"{name}":{kind}{start},{end}]}}')
    text = f"{{{','.join(told)}}}".encode()
    return text + b" " * (-len(text) % _ALIGNED)


def _kind(array: NDArray[Any]) -> tuple[str, int]:
    """Tell what an array is, up to where it stands, and its bytes."""
    kind = _KINDS.get(array.dtype)
    if kind is None:
        raise TypeError(str(array.dtype))
    return f'{{"dtype":"{kind}","shape":{list(array.shape)},"data_offsets":[', array.nbytes
