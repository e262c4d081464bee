"""The moments of a saved run, to be looked at and gone on from: each in a file of its own, written once."""

import hashlib
import json
from collections.abc import Container, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from safetensors import SafetensorError
from safetensors.numpy import load_file

from nnviz.library.codec import Arrays, decode, encode
from nnviz.library.tensors import write_tensors
from nnviz.records.run import Record
from nnviz.runs.lane_spec import LaneSpec
from nnviz.training import Checkpoint

FOLDER = "moments"
MOST_BYTES = 4_000_000  # written along with one state, so that it does not take long; the rest comes with the next ones
_TREE = "nnviz"
Moment = tuple[Record | None, Checkpoint | None]


class MomentFiles:
    """Knows which moments of one run are written. One thread at a time.

    A moment is written when it was still there at the next save, or when the run is at rest: many go again soon.
    """

    def __init__(self, written: Mapping[str, str] = MappingProxyType({})) -> None:
        self._written = dict(written)  # digests by name
        self._seen: set[str] = set()

    def write(self, folder: Path, lanes: Sequence[LaneSpec], *, is_resting: bool) -> dict[str, str]:
        """Write what is new; return the names and digests of all that are written and still wanted."""
        wanted = {name: moment for lane in lanes for name, moment in _moments(lane).items()}
        settled = [name for name in wanted if name not in self._written and (is_resting or name in self._seen)]
        self._seen = set(wanted)
        place, room = folder / FOLDER, MOST_BYTES
        for name in settled:
            if room > 0:
                place.mkdir(exist_ok=True)
                self._written[name], size = _write(place / name, wanted[name])
                room -= size
        return {name: self._written[name] for name in wanted if name in self._written}

    def forget(self, folder: Path, names: Iterable[str]) -> None:
        """Delete all but these, once no state names the others any more."""
        self._written = {name: self._written[name] for name in names}
        for file in (folder / FOLDER).glob("*.safetensors"):
            if file.name not in self._written:
                file.unlink(missing_ok=True)


def _moments(lane: LaneSpec) -> dict[str, Moment]:
    """Return a lane's moments by the names of their files, but for the latest, which its state holds."""
    if lane.past is None or lane.start is None or not lane.is_stored:
        return {}
    now = lane.start.step
    full = [each for each in lane.past.records if each.readings.keys() - each.kept and each.step != now]
    # In files of their own: there are far fewer, and each goes when it is let go, however long the record stays.
    stored = [each for each in lane.past.stored if each.step != now]
    return {
        **{_name(lane, each): (each, None) for each in full},
        **{f"{lane.id}-{each.step}-on.safetensors": (None, each) for each in stored},
    }


def steps_written(lane: LaneSpec, names: Container[str]) -> set[int]:
    """Return the updates after which a lane's records are there in full, by the names of the files of moments."""
    return {each.step for each in (lane.past.records if lane.past else ()) if _name(lane, each) in names}


def _name(lane: LaneSpec, record: Record) -> str:
    return f"{lane.id}-{record.step}.safetensors"


def _write(file: Path, moment: Moment) -> tuple[str, int]:
    """Write a moment; return its digest and about how many bytes it takes."""
    arrays = Arrays()
    tree = json.dumps(encode(moment, arrays), allow_nan=False)
    return write_tensors(file, arrays, {_TREE: tree}), sum(array.nbytes for array in arrays.values()) + len(tree)


def with_moments(folder: Path, lane: LaneSpec, written: Mapping[str, str]) -> LaneSpec:
    """Return a lane with its moments; one that cannot be read is left out."""
    past = lane.past
    if past is None:
        return lane
    own = [(folder / FOLDER / name, mark) for name, mark in written.items() if name.startswith(f"{lane.id}-")]
    found = [moment for file, mark in own if (moment := _read(file, mark)) is not None]
    full = {record.step: record for record, _ in found if record is not None}
    last = past.records[-1].step if past.records else -1
    records = tuple(full.get(record.step, record) if record.step != last else record for record in past.records)
    stored = tuple(sorted((each for _, each in found if each is not None), key=lambda each: each.step))
    return replace(lane, past=replace(past, records=records, stored=stored))


def _read(file: Path, mark: str) -> Moment | None:
    with suppress(OSError, SafetensorError, ValueError, KeyError, TypeError, AttributeError):
        if digest(file) != mark:
            return None
        found = decode(json.loads(metadata(file)[_TREE]), load_file(file))
        record, checkpoint = found
        if isinstance(record, Record | None) and isinstance(checkpoint, Checkpoint | None):
            return record, checkpoint
    return None


def digest(file: Path) -> str:
    """Name a file's content."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def metadata(file: Path) -> dict[str, Any]:
    """Read a safetensors file's own words: eight bytes of length, then JSON."""
    with file.open("rb") as opened:
        length = int.from_bytes(opened.read(8), "little")
        found: dict[str, Any] = json.loads(opened.read(length)).get("__metadata__", {})
    return found
