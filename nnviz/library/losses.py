"""The loss of every update of a saved run: in files of so many updates that are written once, the rest in its state."""

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from nnviz.records.every_loss import EveryLoss, exact
from nnviz.records.run import Lane

FOLDER, OPEN = "losses", "losses.parquet"
PART = 65_536  # updates of one file
MOST_BYTES = 24_000_000  # of a run's files; then the oldest keep a few of their updates
THIN = 16  # of so many updates these are the one with the least and the one with the greatest loss
MOST_READ = 64 * PART  # updates that are read at once
_CLOSED = b"nnviz"  # among the words of the file in the state: how many files of each lane are written
_TORN = (OSError, ValueError, KeyError, TypeError, pa.ArrowException)


@dataclass(frozen=True, slots=True)
class _Open:
    """How many files of a lane are full, and the updates after those."""

    closed: int = 0
    known: EveryLoss = field(default_factory=EveryLoss.none)

    def is_of(self, lane: Lane) -> bool:
        """Whether a lane goes on from here; else it is another one of the same name, whose first one has left."""
        return lane.step >= self.closed * PART and not (len(self.known) and self.known.steps[-1] > lane.step)


class LossFiles:
    """Knows which losses of one run are written, and holds those of files that are not full. One thread at a time."""

    def __init__(self, lanes: Mapping[str, _Open] | None = None, files: Mapping[str, int] | None = None) -> None:
        self._lanes, self._files = dict(lanes or {}), dict(files or {})  # files: bytes, by name
        self._thin: set[str] = set()

    @classmethod
    def of(cls, folder: Path, place: Path) -> "LossFiles":
        """Return what is written of a run whose newest state stands in a place."""
        with suppress(*_TORN):
            table = _table(place / OPEN)
            lanes = {lane: _Open(closed, _losses(table, lane)) for lane, closed in _closed(table).items()}
            names = [_name(lane, number) for lane, each in lanes.items() for number in range(each.closed)]
            files = [folder / FOLDER / name for name in names]
            return cls(lanes, {file.name: file.stat().st_size for file in files if file.exists()})
        return cls()

    def write(self, folder: Path, place: Path, lanes: Sequence[Lane]) -> None:
        """Write what is new: files that are full by now, and the rest into the place of a state."""
        for gone in self._lanes.keys() - {lane.id for lane in lanes}:
            self._leave(gone)
        for lane in lanes:
            self._lanes[lane.id] = self._go_on(folder, lane)
        closed = {lane: each.closed for lane, each in self._lanes.items()}
        _write(place / OPEN, {lane: each.known for lane, each in self._lanes.items()}, closed)

    def _go_on(self, folder: Path, lane: Lane) -> _Open:
        before = self._lanes.get(lane.id, _Open())
        if not before.is_of(lane):
            self._leave(lane.id)
            before = _Open()
        known = before.known.then(lane.recent.all.between(before.closed * PART + 1, lane.step))
        closed = lane.step // PART
        for number in range(before.closed, closed):
            part = known.between(number * PART + 1, (number + 1) * PART)
            if len(part):
                name = _name(lane.id, number)
                self._files[name] = _write_full(folder / FOLDER / name, {lane.id: part})
        return _Open(closed, known.between(closed * PART + 1, lane.step))

    def _leave(self, lane: str) -> None:
        self._lanes.pop(lane, None)
        self._files = {name: size for name, size in self._files.items() if name.rpartition("-")[0] != lane}

    def forget(self, folder: Path) -> None:
        """Delete what no state names any more, and let the oldest keep less where there is too much, or go."""
        for file in (folder / FOLDER).glob("*.parquet"):
            if file.name not in self._files:
                file.unlink(missing_ok=True)
        for name in sorted(self._files.keys() - self._thin, key=_number):
            if not self._is_too_much:
                return
            with suppress(*_TORN):
                self._files[name] = _thinned(folder / FOLDER / name)
            self._thin.add(name)
        for name in sorted(self._files, key=_number):
            if self._is_too_much:
                (folder / FOLDER / name).unlink(missing_ok=True)
                del self._files[name]

    @property
    def _is_too_much(self) -> bool:
        return sum(self._files.values()) > MOST_BYTES


def _name(lane: str, number: int) -> str:
    return f"{lane}-{number}.parquet"


def _number(name: str) -> int:
    return int(name.removesuffix(".parquet").rpartition("-")[2])


def _write(file: Path, lanes: Mapping[str, EveryLoss], closed: Mapping[str, int]) -> None:
    tables = [_rows(found) for found in lanes.values()]
    columns = {name: np.concatenate([table[name] for table in tables]) for name in tables[0]}
    counts = [len(table["loss"]) for table in tables]
    names = pa.chunked_array([pa.repeat(lane, count) for lane, count in zip(lanes, counts, strict=True)], pa.string())
    table = pa.table({"lane": names, **columns, "loss": exact(columns["loss"])})
    table = table.replace_schema_metadata({_CLOSED: json.dumps(dict(closed))})
    pq.write_table(
        table, file, compression="zstd", use_dictionary=["lane"], write_statistics=False, write_page_checksum=True,
        column_encoding={"loss": "BYTE_STREAM_SPLIT", **dict.fromkeys(("player", "update"), "DELTA_BINARY_PACKED")},
    )  # fmt: skip


def _rows(found: EveryLoss) -> dict[str, np.ndarray]:
    """Return a lane's columns, one player after the other."""
    players = found.losses.shape[1]
    return {
        "player": np.repeat(np.arange(players), len(found)),
        "update": np.tile(found.steps, players),
        "loss": found.losses.T.ravel(),
    }


def _write_full(file: Path, lanes: Mapping[str, EveryLoss]) -> int:
    """Write a file that stays, or takes the place of a longer one; return its bytes."""
    file.parent.mkdir(exist_ok=True)
    draft = file.with_suffix(f".{os.getpid()}")
    _write(draft, lanes, {})
    with draft.open("rb+") as opened:
        os.fsync(opened.fileno())
    draft.replace(file)
    return file.stat().st_size


def _thinned(file: Path) -> int:
    """Let a full file keep a few of its updates; return its bytes."""
    table = _table(file)
    lane = str(table["lane"][0].as_py())
    found = _losses(table, lane)
    return file.stat().st_size if len(found) <= PART // 2 else _write_full(file, {lane: found.telling(THIN)})


def read_losses(folder: Path, place: Path, lane: str, low: float, high: float) -> EveryLoss:
    """Read a lane's losses from one update to another; what is torn, or is too much at once, is left out."""
    with suppress(*_TORN):
        table = _table(place / OPEN)
        last = _closed(table).get(lane, 0)
        first, end = max(0, int(max(low - 1, 0) // PART)), min(last, int(max(high, 0) // PART) + 1)
        parts = [_read_full(folder / FOLDER / _name(lane, number), lane) for number in range(first, end)]
        found = EveryLoss.none()
        for part in [*parts, _losses(table, lane)] if high - low <= MOST_READ else ():
            found = found.then(part)
        return found.between(low, high)
    return EveryLoss.none()


def _read_full(file: Path, lane: str) -> EveryLoss:
    with suppress(*_TORN):
        return _losses(_table(file), lane)
    return EveryLoss.none()


def _table(file: Path) -> pa.Table:
    return pq.read_table(file, page_checksum_verification=True, partitioning=None)


def _closed(table: pa.Table) -> dict[str, int]:
    found = json.loads(table.schema.metadata[_CLOSED])
    return {str(lane): int(closed) for lane, closed in found.items()}


def _losses(table: pa.Table, lane: str) -> EveryLoss:
    """Return a lane's part of a table."""
    its = table.filter(pc.equal(table["lane"], lane))
    players, steps, losses = (its[name].to_numpy() for name in ("player", "update", "loss"))
    count = int(players.max()) + 1 if len(players) else 1
    return EveryLoss(steps[: len(steps) // count].astype(np.int64), losses.astype(np.float64).reshape(count, -1).T)
