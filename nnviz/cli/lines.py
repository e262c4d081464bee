"""Evaluations as lines of JSON, in the order of their updates and lanes."""

import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from math import isfinite
from queue import Empty, SimpleQueue
from typing import Any

from nnviz.records.run import Evaluation, Snapshot
from nnviz.runs.lane_spec import LaneSpec

_MEASURED = ("epoch", "seconds", "train_loss", "test_loss", "train_accuracy", "test_accuracy")


class JsonLines:
    """Takes evaluations from any thread; `drain` writes them to the standard output, those of one update together."""

    def __init__(self, lanes: Sequence[LaneSpec]) -> None:
        self.is_broken = False  # whether nobody reads any more
        self._lanes: dict[str, tuple[int, LaneSpec]] = {}
        self.meet(lanes)
        self._queue: SimpleQueue[tuple[str, Evaluation]] = SimpleQueue()
        self._waiting: dict[int, dict[int, str]] = {}  # lines by update and lane
        self._written: dict[int, int] = {}  # the last update of each lane

    def meet(self, lanes: Sequence[LaneSpec]) -> None:
        """Get to know the lanes that there are: branches join on the way."""
        self._lanes = {lane.id: (place, lane) for place, lane in enumerate(lanes)}

    def take(self, lane_id: str, evaluation: Evaluation) -> None:
        """Note one."""
        self._queue.put((lane_id, evaluation))

    def drain(self) -> None:
        """Write what is complete: all lanes of an update, or those before a later one."""
        self._gather()
        newest = max(self._waiting, default=0)
        for step in sorted(self._waiting):
            if step < newest or len(self._waiting[step]) == len(self._lanes):
                self._write(self._waiting.pop(step))

    def close(self, snapshot: Snapshot, *, is_asked_for: bool) -> None:
        """Write the rest; where the run pauses at an update that was asked for, how well it does there, too."""
        self._gather()
        for place, lane in enumerate(snapshot.lanes if is_asked_for else ()):
            last = lane.records[-1] if lane.records else None
            if last is not None and isfinite(last.test_loss) and last.step > self._written.get(place, -1):
                self._put(place, self._lanes[lane.id][1], last.evaluation)
        for step in sorted(self._waiting):
            self._write(self._waiting.pop(step))

    def _gather(self) -> None:
        unknown: list[tuple[str, Evaluation]] = []  # of lanes that have joined since
        with suppress(Empty):
            while True:
                lane_id, evaluation = self._queue.get_nowait()
                if lane_id in self._lanes:
                    self._put(*self._lanes[lane_id], evaluation)
                else:
                    unknown.append((lane_id, evaluation))
        for each in unknown:
            self._queue.put(each)

    def _put(self, place: int, lane: LaneSpec, evaluation: Evaluation) -> None:
        line = json.dumps(_written(place, lane, evaluation), allow_nan=False)
        self._waiting.setdefault(evaluation.step, {})[place] = line
        self._written[place] = evaluation.step

    def _write(self, lines: dict[int, str]) -> None:
        try:
            if not self.is_broken:
                sys.stdout.write("".join(f"{lines[place]}\n" for place in sorted(lines)))
                sys.stdout.flush()
        except BrokenPipeError:
            self.is_broken = True


def _written(place: int, lane: LaneSpec, part: Evaluation) -> dict[str, Any]:
    """Write an evaluation under the names of the tables of saved runs; what is no finite number is null."""
    found = {name: _finite(getattr(part, name)) for name in _MEASURED}
    scores = {"scores": {name: _finite(value) for name, value in part.scores.items()}} if part.scores else {}
    return {"lane": place, "label": lane.label, "seed": lane.spec.seed, "update": part.step, **found, **scores}


def _finite(value: float | None) -> float | None:
    return value if value is not None and isfinite(value) else None
