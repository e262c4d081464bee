"""The records of a run as text and arrays, each written once: they do not change, and there are many."""

import json
from collections.abc import Callable, Container, Mapping
from typing import Any

from numpy.typing import NDArray

from nnviz.library.codec import Arrays, decode, encode
from nnviz.records.run import Record

_Written = tuple[Record, str, Arrays]
_Form = Callable[[Record], Record]  # how much of a record is written


def _whole(record: Record) -> Record:
    return record


class RecordTexts:
    """Remembers what it has written of one run, for as long as that holds the same records. One thread at a time."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, _Form], _Written] = {}  # by the record, and how much of it was written
        self._count = 0

    def write(self, records: tuple[Record, ...], arrays: Arrays, elsewhere: Container[int] = ()) -> str:
        """Write records as a JSON list; arrays are put beside the others.

        Written are the readings that every record keeps, and of the last one all.  elsewhere: the steps of records that
        stand in files of their own; of these only the figures are written.
        """
        found = [self._text(record, _form(record, records[-1], elsewhere)) for record in records]
        for _, _, own in found:
            arrays.update(own)
        return f"[{','.join(text for _, text, _ in found)}]"

    def _text(self, record: Record, form: _Form) -> _Written:
        key = id(record), form
        if key not in self._known:
            self._count += 1
            own = Arrays(f"r{self._count}.")
            self._known[key] = record, json.dumps(encode(form(record), own), allow_nan=False), own
        return self._known[key]

    def forget(self, records: tuple[Record, ...]) -> None:
        """Let go of all but these."""
        kept = {id(record) for record in records}
        self._known = {key: written for key, written in self._known.items() if key[0] in kept}


def _form(record: Record, last: Record, elsewhere: Container[int]) -> _Form:
    if record is last:
        return _whole
    return Record.without_readings if record.step in elsewhere else Record.as_kept


def read(text: str, arrays: Mapping[str, NDArray[Any]]) -> tuple[Record, ...]:
    """Read what was written; ValueError for anything else."""
    found = decode(json.loads(text), arrays)
    if not isinstance(found, tuple) or not all(isinstance(record, Record) for record in found):
        raise ValueError(text[:20])
    return found
