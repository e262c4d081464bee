"""The records of one lane, kept within a fixed number."""

from nnviz.records import Record

MOST = 256


class History:
    """Keeps at most 256 records: when full, every second goes and the least distance between two doubles.

    The first and the latest are always there; only the latest keeps its views.
    """

    def __init__(self) -> None:
        self.records: tuple[Record, ...] = ()
        self._distance = 0.0  # updates between two records that stay

    def add(self, record: Record) -> None:
        """Take the newest record; it replaces the last one while they stand too close."""
        kept = self.records
        if len(kept) > 1 and kept[-1].step - kept[-2].step < self._distance:
            kept = kept[:-1]
        elif kept:
            kept = (*kept[:-1], kept[-1].without_views())
        if len(kept) == MOST:
            kept = kept[::2]
            self._distance = 2 * max(self._distance, record.step / MOST)
        self.records = (*kept, record)
