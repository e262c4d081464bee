"""The records of a run as text and arrays, each written once: they do not change, and there are many."""

import json
from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

from nnviz.library.codec import Arrays, decode, encode
from nnviz.records.run import Record

_Written = tuple[Record, str, Arrays]


class RecordTexts:
    """Remembers what it has written of one run, for as long as that holds the same records. One thread at a time."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, bool], _Written] = {}  # by the record, and whether all of it was written
        self._count = 0

    def write(self, records: tuple[Record, ...], arrays: Arrays) -> str:
        """Write records as a JSON list, the last one with all its readings; arrays are put beside the others."""
        last = len(records) - 1
        each = [(record, place == last) for place, record in enumerate(records)]
        found = [self._known.get((id(record), is_whole)) or self._write(record, is_whole) for record, is_whole in each]
        for _, _, own in found:
            arrays.update(own)
        return f"[{','.join(text for _, text, _ in found)}]"

    def _write(self, record: Record, is_whole: bool) -> _Written:
        self._count += 1
        own = Arrays(f"r{self._count}.")
        text = json.dumps(encode(record if is_whole else record.as_kept(), own), allow_nan=False)
        key = id(record), is_whole
        self._known[key] = record, text, own
        return self._known[key]

    def forget(self, records: tuple[Record, ...]) -> None:
        """Let go of all but these."""
        kept = {id(record) for record in records}
        self._known = {key: written for key, written in self._known.items() if key[0] in kept}


def read(text: str, arrays: Mapping[str, NDArray[Any]]) -> tuple[Record, ...]:
    """Read what was written; ValueError for anything else."""
    found = decode(json.loads(text), arrays)
    if not isinstance(found, tuple) or not all(isinstance(record, Record) for record in found):
        raise ValueError(text[:20])
    return found
