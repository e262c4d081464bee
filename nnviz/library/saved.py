"""What is told of a saved run without opening it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime
from math import isfinite
from typing import Any
from zlib import crc32

from nnviz.records.run import Evaluation, Record, Snapshot
from nnviz.words import errors
from nnviz.words.language import message

COLOURS = 8  # among which each run gets one that it keeps
FORMAT = 1  # grows when what was written before cannot be read any more
Figures = Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved run: whose, of which page and session, the parameters of its link, and how far it has come.

    created, saved: moments as ISO 8601, UTC.  figures: final and best losses and accuracies, by name.  machine: what it
    was trained by; on another one the same spec may round otherwise.  words: what readers call the ids of its link.
    """

    id: str
    session: str
    kind: str
    owner: str
    query: Mapping[str, str]
    pace: float
    status: str
    step: int
    seconds: float
    created: str
    saved: str
    figures: Figures
    curve: tuple[float, ...] = ()  # some test losses in order, for a small picture
    machine: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    format: int = FORMAT
    colour: int = -1  # its place among the colours of runs; -1: not chosen yet
    lanes: tuple[Mapping[str, str], ...] = ()  # id, label, seed, optimizer and parent of each; (): not told

    def to_json(self) -> dict[str, Any]:
        """Write it."""
        return asdict(self)

    @classmethod
    def of(cls, written: Any) -> "Saved":
        """Read what `to_json` wrote; ValueError for anything else."""
        names = [each.name for each in fields(cls)]
        if not isinstance(written, dict) or written.get("format") != FORMAT:
            raise ValueError(message(errors.LIBRARY["format"], format=FORMAT))
        try:
            found = cls(**{name: written[name] for name in names if name in written})
            is_sound = all(isinstance(getattr(found, name), str) for name in _TEXTS)
            is_sound &= all(_are_texts(each) for each in (found.query, found.words))
            step, seconds = int(found.step), float(found.seconds)
            lanes = tuple({str(name): str(each[name]) for name in each} for each in found.lanes)
        except (TypeError, ValueError, KeyError) as error:
            raise ValueError(message(errors.LIBRARY["torn"], reason=str(error))) from None
        if not is_sound or step < 0 or not seconds >= 0:
            raise ValueError(message(errors.LIBRARY["torn"], reason="run.json"))
        is_chosen = type(found.colour) is int and 0 <= found.colour < COLOURS
        return replace(found, lanes=lanes, colour=found.colour if is_chosen else crc32(found.id.encode()) % COLOURS)


def _are_texts(part: Any) -> bool:
    return isinstance(part, dict) and all(isinstance(each, str) for pair in part.items() for each in pair)


_TEXTS = ("id", "session", "kind", "owner", "status", "created", "saved")


def now() -> str:
    """Write the present moment."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def figures_of(snapshot: Snapshot) -> Figures:
    """Return the first lane's final and best figures; of several lanes, the best one's."""
    ends = [lane.judged[-1] for lane in snapshot.lanes if lane.judged]
    every = [part for lane in snapshot.lanes for part in lane.judged]
    finite = [part for part in every if isfinite(part.test_loss)]
    if not ends:
        return {}
    end = min(ends, key=lambda part: (not isfinite(part.test_loss), part.test_loss))
    best = min(finite, key=lambda part: part.test_loss, default=end)
    return {**_figures(end, ""), **_figures(best, "best_"), "best_step": float(best.step)}


def _figures(part: Evaluation | Record, which: str) -> Figures:
    values = {"test_loss": part.test_loss, "test_accuracy": part.test_accuracy, "train_loss": part.train_loss}
    return {f"{which}{name}": value for name, value in values.items() if value is not None and isfinite(value)}


def curve_of(snapshot: Snapshot, most: int = 40) -> tuple[float, ...]:
    """Return some of the first lane's test losses, evenly spaced."""
    found = [part.test_loss for part in snapshot.lanes[0].judged if isfinite(part.test_loss)]
    step = max(1, -(-len(found) // most))
    return tuple(float(f"{loss:.4g}") for loss in (*found[::step], *found[-1:]))
