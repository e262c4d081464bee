"""The records and evaluations of one lane, kept within a fixed number."""

from math import isfinite

from nnviz.records.run import Evaluation, Record

MOST = 256


class History:
    """Keeps at most 256 records: when full, every second goes and the least distance between two doubles.

    The first and the latest are always there; only the latest has all its readings.  With `keeps_epochs` those at the
    end of an epoch stay, too, for as long as they are not most of all.
    """

    def __init__(self, keeps_epochs: bool = False) -> None:
        self.records: tuple[Record, ...] = ()
        self._keeps_epochs = keeps_epochs
        self._distance = 0.0  # updates between two records that stay

    def add(self, record: Record) -> None:
        """Take the newest record; it replaces the last one while they stand too close."""
        kept = self.records
        if kept and kept[-1].step == record.step:  # weights were set by hand meanwhile
            kept = kept[:-1]
            self.records = (*kept, record)
            return
        if len(kept) > 1 and kept[-1].step - kept[-2].step < self._distance and not self._is_fixed(kept[-1]):
            kept = kept[:-1]
        elif kept:
            kept = (*kept[:-1], kept[-1].as_kept())
        if len(kept) == MOST:
            kept = self._thinned(kept)
            self._distance = 2 * max(self._distance, record.step / MOST)
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

    def __init__(self) -> None:
        self._kept: list[Evaluation] = []  # every `_stride`-th
        self._stride, self._count = 1, 0
        self._best: Evaluation | None = None
        self._latest: Evaluation | None = None

    @property
    def all(self) -> tuple[Evaluation, ...]:
        """What is kept, in order."""
        also = [part for part in (self._best, self._latest) if part is not None]
        by_step = {part.step: part for part in (*self._kept, *also)}
        return tuple(by_step[step] for step in sorted(by_step))

    def add(self, evaluation: Evaluation) -> None:
        """Take the newest."""
        if self._best is None or not evaluation.test_loss >= self._best.test_loss:
            self._best = evaluation if isfinite(evaluation.test_loss) else self._best
        self._latest = evaluation
        if self._count % self._stride == 0:
            self._kept.append(evaluation)
        self._count += 1
        if len(self._kept) > MOST - 2:
            self._kept = self._kept[::2]
            self._stride *= 2


def is_whole(epoch: float) -> bool:
    """Tell whether a moment is the end of an epoch, or the beginning of the first."""
    return epoch == int(epoch)
