"""One saved run on the disk: a folder whose `run.json` names the files of its newest state, all of them whole.

docs/run-format.md tells what stands in them.
"""

import json
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from time import time_ns
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from safetensors import SafetensorError
from safetensors.numpy import load_file

from nnviz.library.codec import Arrays, decode, encode
from nnviz.library.heads import HEAD, read_json, sync, write_json
from nnviz.library.losses import LossFiles, read_losses
from nnviz.library.moments import MomentFiles, digest, metadata, steps_written, with_moments
from nnviz.library.records import RecordTexts, read
from nnviz.library.saved import Saved
from nnviz.library.tensors import write_tensors
from nnviz.records.every_loss import EveryLoss
from nnviz.records.run import Record, Snapshot
from nnviz.runs.lane_spec import LaneSpec
from nnviz.words import errors
from nnviz.words.language import message

STATE, CURVES, EVALUATIONS = "state.safetensors", "curves.parquet", "evaluations.parquet"
# Entries of the state's metadata that tell what its arrays are, and which files of moments belong to it.
_TREE, _RECORDS, _MOMENTS = "nnviz", "records.", "moments"


@dataclass(frozen=True, slots=True)
class Written:
    """What of a run has been written once and need not be again."""

    records: RecordTexts
    moments: MomentFiles
    losses: LossFiles


def write(
    folder: Path, saved: Saved, lanes: tuple[LaneSpec, ...], snapshot: Snapshot, written: Written | None = None
) -> str:  # fmt: skip
    """Write a state beside the one before, then name it: whoever is ended at any moment leaves one that is whole.

    written: what has been written of this run.  Returns the state's name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = written or written_of(folder)
    moments = written.moments.write(folder, lanes, is_resting=not snapshot.status.is_live)
    place = folder / f"state-{saved.step}-{os.getpid()}-{time_ns()}"
    place.mkdir()
    state = _write_state(place / STATE, lanes, written.records, moments)
    _write_table(place / CURVES, _curves(snapshot))
    _write_table(place / EVALUATIONS, _evaluations(snapshot))
    written.losses.write(folder, place, snapshot.lanes)
    for file in place.iterdir():
        sync(file)
    write_json(folder / HEAD, {**saved.to_json(), "state": place.name, "sha256": state})
    for other in folder.glob("state-*"):
        if other != place:
            shutil.rmtree(other, ignore_errors=True)
    written.moments.forget(folder, moments)
    written.losses.forget(folder)
    return place.name


def written_of(folder: Path) -> Written:
    """Return what is known to be written of a run."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        place = _place(folder, read_json(folder / HEAD))
        moments = MomentFiles(json.loads(metadata(place / STATE)[_MOMENTS]))
        return Written(RecordTexts(), moments, LossFiles.of(folder, place))
    return Written(RecordTexts(), MomentFiles(), LossFiles())


def _write_state(file: Path, lanes: tuple[LaneSpec, ...], texts: RecordTexts, moments: Mapping[str, str]) -> str:
    """Write it; return its digest."""
    arrays = Arrays()
    bare = tuple(_with_records(lane, ()) for lane in lanes)
    tree = json.dumps(encode(bare, arrays), allow_nan=False)
    records = [lane.past.records if lane.past else () for lane in lanes]
    elsewhere = [steps_written(lane, moments) for lane in lanes]
    written = {
        f"{_RECORDS}{place}": texts.write(part, arrays, steps)
        for place, (part, steps) in enumerate(zip(records, elsewhere, strict=True))
    }
    texts.forget(tuple(record for part in records for record in part))
    return write_tensors(file, arrays, {_TREE: tree, _MOMENTS: json.dumps(moments), **written})


def _with_records(lane: LaneSpec, records: tuple[Record, ...]) -> LaneSpec:
    return replace(lane, past=replace(lane.past, records=records, stored=())) if lane.past else lane


def read_lanes(folder: Path, *, with_past: bool = True) -> tuple[LaneSpec, ...]:
    """Read the lanes of a run as values from which it goes on; ValueError where they cannot be read.

    with_past: with all moments that can be looked at, which takes longer.
    """
    head = read_json(folder / HEAD)
    file = _place(folder, head) / STATE
    try:
        if digest(file) != head.get("sha256"):
            raise ValueError(STATE)
        arrays, words = load_file(file), metadata(file)
        lanes = decode(json.loads(words.get(_TREE, "")), arrays)
        found = tuple(
            _with_records(lane, read(words[f"{_RECORDS}{place}"], arrays)) for place, lane in enumerate(lanes)
        )
        moments = dict(json.loads(words.get(_MOMENTS, "{}"))) if with_past else {}
    except (OSError, SafetensorError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(message(errors.LIBRARY["torn"], reason=type(error).__name__)) from None
    if not found or not all(isinstance(lane, LaneSpec) for lane in found):
        raise ValueError(message(errors.LIBRARY["torn"], reason=STATE))
    return tuple(with_moments(folder, lane, moments) for lane in found) if moments else found


def _place(folder: Path, head: Mapping[str, Any]) -> Path:
    """Return the folder of the newest state; ValueError where none is named."""
    name = str(head.get("state", ""))
    if not name.startswith("state-") or "/" in name or "\\" in name:
        raise ValueError(message(errors.LIBRARY["torn"], reason=HEAD))
    return folder / name


def state_of(folder: Path) -> str | None:
    """Name the newest state of a run; None where there is no run that can be read."""
    try:
        return str(read_json(folder / HEAD).get("state", ""))
    except ValueError:
        return None


def read_every_loss(folder: Path, lane: str, low: float, high: float) -> EveryLoss:
    """Read the losses of all updates of a lane from one to another, as far as they were kept; ValueError: no run."""
    return read_losses(folder, _place(folder, read_json(folder / HEAD)), lane, low, high)


def _write_table(file: Path, table: pa.Table) -> None:
    """Write a table of numbers in few bytes and little time."""
    whole = [column.name for column in table.schema if pa.types.is_integer(column.type)]
    broken = [name for name in table.column_names if name not in whole]
    kinds = {**dict.fromkeys(whole, "DELTA_BINARY_PACKED"), **dict.fromkeys(broken, "BYTE_STREAM_SPLIT")}
    pq.write_table(table, file, use_dictionary=False, write_statistics=False, column_encoding=kinds)


def _curves(snapshot: Snapshot) -> pa.Table:
    is_rated = any(lane.rates for lane in snapshot.lanes)
    parts = [_curve(place, lane.curve, is_rated=is_rated) for place, lane in enumerate(snapshot.lanes)]
    return pa.table({name: np.concatenate([part[name] for part in parts]) for name in parts[0]})


_POINTS = ("lane", "player", "update", "epoch", "seconds", "loss", "low", "high")


def _curve(place: int, curve: Any, *, is_rated: bool) -> dict[str, Any]:
    every = (curve.losses, *curve.others)
    lows, highs = curve.lows or every, curve.highs or every
    found: dict[str, list[Any]] = {
        "lane": [],
        "player": [],
        "update": [],
        "epoch": [],
        "seconds": [],
        "loss": [],
        "low": [],
        "high": [],
    }
    for player, (losses, low, high) in enumerate(zip(every, lows, highs, strict=True)):
        count = len(losses)
        columns = [np.full(count, place), np.full(count, player), curve.steps.astype(np.int64), curve.epochs]
        for name, column in zip(found, [*columns, curve.seconds, losses, low, high], strict=True):
            found[name].append(column)
    rates = {"rate": curve.rates or tuple(np.full(len(every[0]), np.nan) for _ in every)} if is_rated else {}
    return {name: np.concatenate(columns) for name, columns in (found | rates).items()}


_MEASURED = ("epoch", "seconds", "train_loss", "test_loss", "train_accuracy", "test_accuracy")


def _evaluations(snapshot: Snapshot) -> pa.Table:
    rows = [(place, part) for place, lane in enumerate(snapshot.lanes) for part in lane.judged]
    columns = {name: pa.array([getattr(part, name) for _, part in rows], pa.float64()) for name in _MEASURED}
    lanes, steps = [place for place, _ in rows], [part.step for _, part in rows]
    return pa.table({"lane": pa.array(lanes, pa.int64()), "update": pa.array(steps, pa.int64()), **columns})
