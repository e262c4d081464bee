"""The records and evaluations of one lane, kept within a fixed number."""

from math import inf, isfinite

from nnviz.records.run import Evaluation, Record
from nnviz.records.size import bytes_of
from nnviz.records.status import Status
from nnviz.runs.past import Past
from nnviz.training import Checkpoint

MOST = 256
FULL_BYTES = 16_000_000  # of what records hold beyond that which every record keeps


class History:
    """Keeps at most 256 records: when full, every second goes and the least distance between two doubles.

    The first, the latest, the best and those beside a change are always there, as long as they are not most of all;
    with `keeps_epochs` also those at the end of an epoch.  The latest has all its readings, and so have all others
    while they fit into some megabytes: then every second of them keeps only what every record keeps.
    """

    def __init__(self, keeps_epochs: bool = False, past: Past | None = None, full_bytes: int = FULL_BYTES) -> None:
        self.records: tuple[Record, ...] = past.records if past else ()
        self._keeps_epochs, self._full_bytes = keeps_epochs, full_bytes
        self.distance = past.distance if past else 0.0  # updates between two records that stay
        self._fixed: set[int] = set()  # steps beside a change
        self._best = min(self.records, key=_loss, default=None)
        self._is_beside = False  # whether the next record is the first after a change
        # Bytes, by step, of records that are there in full.
        self._sizes = {record.step: size for record in self.records if (size := _size(record))}

    @property
    def fixed(self) -> set[int]:
        """Steps whose records are to stay."""
        return self._fixed | ({self._best.step} if self._best else set())

    @property
    def full(self) -> tuple[int, ...]:
        """Steps whose records have all their readings."""
        last = self.records[-1:]
        return tuple(record.step for record in self.records if record.step in self._sizes or record in last)

    def mark_change(self) -> None:
        """Note that something was changed: the records on both sides of it stay."""
        if self.records:
            self._fixed.add(self.records[-1].step)
        self._is_beside = True

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
            self._sizes[kept[-1].step] = _size(kept[-1])
        if len(kept) == MOST:
            kept = self._thinned(kept)
            self.distance = 2 * max(self.distance, record.step / MOST)
        self.records = (*self._fitting(kept), record)
        self._note(record)

    def _note(self, record: Record) -> None:
        if self._is_beside:
            self._fixed.add(record.step)
            self._is_beside = False
        if self._best is None or _loss(record) < _loss(self._best):
            self._best = record.without_readings()

    def _is_fixed(self, record: Record) -> bool:
        return (self._keeps_epochs and is_whole(record.epoch)) or record.step in self.fixed

    def _thinned(self, kept: tuple[Record, ...]) -> tuple[Record, ...]:
        few = tuple(record for place, record in enumerate(kept) if place % 2 == 0 or self._is_fixed(record))
        return few if len(few) <= MOST * 3 // 4 else kept[::2]

    def _fitting(self, kept: tuple[Record, ...]) -> tuple[Record, ...]:
        """Take away from every second record in full what not every record keeps, while there is too much of it."""
        there = {record.step for record in kept}
        self._sizes = {step: size for step, size in self._sizes.items() if step in there}
        fixed = self.fixed
        while sum(self._sizes.values()) > self._full_bytes and len(self._sizes) > 1:
            slim = set([step for step in self._sizes if step not in fixed][1::2] or list(self._sizes)[1::2])
            self._sizes = {step: size for step, size in self._sizes.items() if step not in slim}
            kept = tuple(record.as_kept() if record.step in slim else record for record in kept)
        return kept


def _size(record: Record) -> int:
    """Count the bytes of what not every record keeps."""
    return sum(bytes_of(found) for name, found in record.readings.items() if name not in record.kept)


def _loss(record: Record) -> float:
    return record.test_loss if isfinite(record.test_loss) else inf


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

    def next_after(self, step: int) -> float:
        """Return the next moment of which one is kept, counted in updates; infinity where there is none."""
        return next((part.step for part in self.kept if part.step > step), inf)

    def follow(self, other: "Evaluations") -> None:
        """Keep from now on what another one keeps."""
        self.stride, self.count = other.stride, other.count

    def add(self, evaluation: Evaluation, *, is_kept: bool = False) -> None:
        """Take the newest; `is_kept`: whatever its turn."""
        if self.best is None or not evaluation.test_loss >= self.best.test_loss:
            self.best = evaluation if isfinite(evaluation.test_loss) else self.best
        self.latest = evaluation
        if is_kept or self.count % self.stride == 0:
            self.kept.append(evaluation)
        self.count += 1
        if len(self.kept) > MOST - 2:
            self.kept = self.kept[::2]
            self.stride *= 2


def past_at(start: Checkpoint, history: History, judged: Evaluations) -> Past:
    """Return what a lane had behind it at a checkpoint, for one that goes on from there."""
    records = tuple(record for record in history.records if record.step <= start.step)
    kept = tuple(part for part in judged.kept if part.step <= start.step)
    every = tuple(part for part in judged.all if part.step <= start.step)
    finite = [part for part in every if isfinite(part.test_loss)]
    best = min(finite, key=lambda part: part.test_loss, default=None)
    return Past(
        records, history.distance, kept, judged.stride, judged.stride * len(kept), best, every[-1] if every else None,
        start.place.seen, 0, None, Status.READY, None,
    )  # fmt: skip


def is_whole(epoch: float) -> bool:
    """Tell whether a moment is the end of an epoch, or the beginning of the first."""
    return epoch == int(epoch)
