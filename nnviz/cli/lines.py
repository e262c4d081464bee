"""A run as lines of JSON: evaluations and losses in the order of their updates and lanes, then how each lane ended."""

import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from math import isfinite
from queue import Empty, SimpleQueue
from typing import Any

from nnviz.export.kept import players_of
from nnviz.records.run import Evaluation, Lane, Snapshot
from nnviz.records.update import UpdateLosses
from nnviz.runs.following import Told
from nnviz.runs.lane_spec import LaneSpec

_MEASURED = ("epoch", "seconds", "train_loss", "test_loss", "train_accuracy", "test_accuracy")
_Moment = tuple[int, bool]  # an update, and whether it is an evaluation: that comes after the update's loss


class JsonLines:
    """Takes what is told from any thread; `drain` writes it to the standard output, what is of one moment together."""

    def __init__(self, lanes: Sequence[LaneSpec]) -> None:
        self.is_broken = False  # whether nobody reads any more
        self._lanes: dict[str, tuple[int, LaneSpec]] = {}
        self.meet(lanes)
        self._queue: SimpleQueue[tuple[str, Told]] = SimpleQueue()
        self._waiting: dict[_Moment, dict[int, str]] = {}  # lines by moment and lane
        self._written: dict[int, int] = {}  # the last update at which each lane was evaluated

    def meet(self, lanes: Sequence[LaneSpec]) -> None:
        """Get to know the lanes that there are: branches join on the way."""
        self._lanes = {lane.id: (place, lane) for place, lane in enumerate(lanes)}

    def take(self, lane_id: str, told: Told) -> None:
        """Note an evaluation, or the losses of an update."""
        self._queue.put((lane_id, told))

    def drain(self) -> None:
        """Write what is complete: all lanes of a moment, or those before a later one."""
        self._gather()
        newest = max(self._waiting, default=(0, False))
        for moment in sorted(self._waiting):
            if moment < newest or len(self._waiting[moment]) == len(self._lanes):
                self._write(self._waiting.pop(moment))

    def close(self, snapshot: Snapshot, *, is_asked_for: bool) -> None:
        """Write the rest; where the run pauses at an update that was asked for, how well it does there, too."""
        self._gather()
        for place, lane in enumerate(snapshot.lanes if is_asked_for else ()):
            last = lane.records[-1] if lane.records else None
            if last is not None and isfinite(last.test_loss) and last.step > self._written.get(place, -1):
                self._put(place, self._lanes[lane.id][1], last.evaluation)
        for moment in sorted(self._waiting):
            self._write(self._waiting.pop(moment))

    def end(self, snapshot: Snapshot, run: str | None) -> None:
        """Write a last line for each lane; run: as which it was saved, if it was."""
        lines = [{**_whose("end", place, lane), **_end(lane), "run": run} for place, lane in enumerate(snapshot.lanes)]
        self._write({place: _spelled(line) for place, line in enumerate(lines)})

    def _gather(self) -> None:
        unknown: list[tuple[str, Told]] = []  # of lanes that have joined since
        with suppress(Empty):
            while True:
                lane_id, told = self._queue.get_nowait()
                if lane_id in self._lanes:
                    self._put(*self._lanes[lane_id], told)
                else:
                    unknown.append((lane_id, told))
        for each in unknown:
            self._queue.put(each)

    def _put(self, place: int, lane: LaneSpec, told: Told) -> None:
        is_evaluation = isinstance(told, Evaluation)
        found = _judged(told) if isinstance(told, Evaluation) else _trained(lane, told)
        line = {**_whose("evaluation" if is_evaluation else "update", place, lane), "update": told.step, **found}
        self._waiting.setdefault((told.step, is_evaluation), {})[place] = _spelled(line)
        if is_evaluation:
            self._written[place] = told.step

    def _write(self, lines: dict[int, str]) -> None:
        try:
            if not self.is_broken:
                sys.stdout.write("".join(f"{lines[place]}\n" for place in sorted(lines)))
                sys.stdout.flush()
        except BrokenPipeError:
            self.is_broken = True


def _whose(record: str, place: int, lane: LaneSpec | Lane) -> dict[str, Any]:
    return {"record": record, "lane": place, "label": lane.label, "seed": lane.spec.seed}


def _judged(part: Evaluation) -> dict[str, Any]:
    """Write an evaluation under the names of the tables of saved runs."""
    scores = {"scores": dict(part.scores)} if part.scores else {}
    return {**{name: getattr(part, name) for name in _MEASURED}, **scores}


def _trained(lane: LaneSpec, told: UpdateLosses) -> dict[str, Any]:
    """Write the losses of an update; of several players by their names."""
    names = players_of(lane.spec)

    def by_name(values: tuple[float, ...]) -> Any:
        return dict(zip(names, values, strict=True)) if names else values[0]

    figures = {"loss": by_name(told.losses), "learning_rate": by_name(told.rates)}
    return {"epoch": told.epoch, "seconds": told.seconds, **figures}


def _end(lane: Lane) -> dict[str, Any]:
    """Write how a lane ended, and its lowest test loss."""
    judged = (*lane.judged, *lane.records[-1:])  # the last one may be a pause that was asked for
    finite = [part for part in judged if isfinite(part.test_loss)]
    best = min(finite, key=lambda part: part.test_loss, default=None)
    return {
        "update": lane.step, "epoch": lane.epoch, "seconds": lane.seconds, "status": str(lane.status),
        "reason": str(lane.message) if lane.message else None,
        "best_update": best.step if best else None, "best_test_loss": best.test_loss if best else None,
        "best_test_accuracy": best.test_accuracy if best else None,
    }  # fmt: skip


def _spelled(line: dict[str, Any]) -> str:
    return json.dumps(_finite(line), allow_nan=False)


def _finite(value: Any) -> Any:
    """Return what JSON can hold: a number that is not finite is null."""
    if isinstance(value, dict):
        return {name: _finite(each) for name, each in value.items()}
    return None if isinstance(value, float) and not isfinite(value) else value
