"""The records of one lane, kept within a fixed number."""

from nnviz.records import Record

MOST = 256


class History:
    """Keeps at most 256 records: when full, every second goes and the least distance between two doubles.

    The first and the latest are always there; only the latest keeps its views.  With `keeps_epochs` those at the end of
    an epoch stay, too, for as long as they are not most of all.
    """

    def __init__(self, keeps_epochs: bool = False) -> None:
        self.records: tuple[Record, ...] = ()
        self._keeps_epochs = keeps_epochs
        self._distance = 0.0  # updates between two records that stay

    def add(self, record: Record) -> None:
        """Take the newest record; it replaces the last one while they stand too close."""
        kept = self.records
        if len(kept) > 1 and kept[-1].step - kept[-2].step < self._distance and not self._is_fixed(kept[-1]):
            kept = kept[:-1]
        elif kept:
            kept = (*kept[:-1], kept[-1].without_views())
        if len(kept) == MOST:
            kept = self._thinned(kept)
            self._distance = 2 * max(self._distance, record.step / MOST)
        self.records = (*kept, record)

    def _is_fixed(self, record: Record) -> bool:
        return self._keeps_epochs and is_whole(record.epoch)

    def _thinned(self, kept: tuple[Record, ...]) -> tuple[Record, ...]:
        few = tuple(record for place, record in enumerate(kept) if place % 2 == 0 or self._is_fixed(record))
        return few if len(few) <= MOST * 3 // 4 else kept[::2]


def is_whole(epoch: float) -> bool:
    """Tell whether a moment is the end of an epoch, or the beginning of the first."""
    return epoch == int(epoch)
