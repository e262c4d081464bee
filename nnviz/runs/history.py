"""The records and evaluations of one lane, kept within a fixed number."""

from math import isfinite

from nnviz.records.run import Evaluation, Record
from nnviz.runs.past import Past

MOST = 256


class History:
    """Keeps at most 256 records: when full, every second goes and the least distance between two doubles.

    The first and the latest are always there; only the latest has all its readings.  With `keeps_epochs` those at the
    end of an epoch stay, too, for as long as they are not most of all.
    """

    def __init__(self, keeps_epochs: bool = False, past: Past | None = None) -> None:
        self.records: tuple[Record, ...] = past.records if past else ()
        self._keeps_epochs = keeps_epochs
        self.distance = past.distance if past else 0.0  # updates between two records that stay

    def add(self, record: Record) -> None:
        """Take the newest record; it replaces the last one while they stand too close."""
        kept = self.records
        if kept and kept[-1].step == record.step:  # weights were set by hand meanwhile
            kept = kept[:-1]
            self.records = (*kept, record)
            return
        if len(kept) > 1 and kept[-1].step - kept[-2].step < self.distance and not self._is_fixed(kept[-1]):
            kept = kept[:-1]
        elif kept:
            kept = (*kept[:-1], kept[-1].as_kept())
        if len(kept) == MOST:
            kept = self._thinned(kept)
            self.distance = 2 * max(self.distance, record.step / MOST)
        self.records = (*kept, record)

    def _is_fixed(self, record: Record) -> bool:
        return self._keeps_epochs and is_whole(record.epoch)

    def _thinned(self, kept: tuple[Record, ...]) -> tuple[Record, ...]:
        few = tuple(record for place, record in enumerate(kept) if place % 2 == 0 or self._is_fixed(record))
        return few if len(few) <= MOST * 3 // 4 else kept[::2]


class Evaluations:
    """Keeps at most 256: when full, every second goes, and of those to come only every second one stays.

    The first, the latest and the one with the lowest test loss are always there.  What is kept depends on what was
    added and on nothing else.
    """

    def __init__(self, past: Past | None = None) -> None:
        self.kept: list[Evaluation] = list(past.kept) if past else []  # every `stride`-th
        self.stride, self.count = (past.stride, past.count) if past else (1, 0)
        self.best: Evaluation | None = past.best if past else None
        self.latest: Evaluation | None = past.latest if past else None

    @property
    def all(self) -> tuple[Evaluation, ...]:
        """What is kept, in order."""
        also = [part for part in (self.best, self.latest) if part is not None]
        by_step = {part.step: part for part in (*self.kept, *also)}
        return tuple(by_step[step] for step in sorted(by_step))

    def add(self, evaluation: Evaluation) -> None:
        """Take the newest."""
        if self.best is None or not evaluation.test_loss >= self.best.test_loss:
            self.best = evaluation if isfinite(evaluation.test_loss) else self.best
        self.latest = evaluation
        if self.count % self.stride == 0:
            self.kept.append(evaluation)
        self.count += 1
        if len(self.kept) > MOST - 2:
            self.kept = self.kept[::2]
            self.stride *= 2


def is_whole(epoch: float) -> bool:
    """Tell whether a moment is the end of an epoch, or the beginning of the first."""
    return epoch == int(epoch)
