"""The moments of a lane from which others can go on, within a fixed amount of memory."""

from collections.abc import Container, Iterable

from nnviz.records.size import bytes_of
from nnviz.training import Checkpoint

MOST_BYTES = 16_000_000
FEWEST = 6  # of a large network, however much room they take


class Checkpoints:
    """Keeps checkpoints, which have no curve, by the updates done then; when there is too much, every second goes.

    The first and the newest always stay.
    """

    def __init__(self, most_bytes: int = MOST_BYTES, before: Iterable[Checkpoint] = ()) -> None:
        self._most_bytes = most_bytes
        self._kept = {each.step: each for each in before}
        self._each = 0  # bytes

    @property
    def all(self) -> tuple[Checkpoint, ...]:
        """All of them, in order."""
        return tuple(self._kept.values())

    @property
    def steps(self) -> tuple[int, ...]:
        """Updates done at each, in order."""
        return tuple(self._kept)

    def add(self, checkpoint: Checkpoint, wanted: Iterable[int], fixed: Container[int] = ()) -> None:
        """Take the newest; of those before it let all go that are not `wanted`, and those in `fixed` last of all."""
        there = set(wanted)
        self._kept = {step: each for step, each in self._kept.items() if step in there}
        self._kept[checkpoint.step] = checkpoint
        self._each = max(self._each, bytes_of(checkpoint))
        while len(self._kept) > max(FEWEST, self._most_bytes // max(1, self._each)):
            self._thin(fixed)

    def _thin(self, fixed: Container[int]) -> None:
        inner = list(self._kept)[1:-1]
        free = [step for step in inner if step not in fixed] or inner
        for step in free[::2]:
            del self._kept[step]

    def before(self, step: int) -> Checkpoint:
        """Return the last one from not after a moment, or the first; IndexError where there is none."""
        early = [each for each in self._kept.values() if each.step <= step]
        return (early or list(self._kept.values()))[-1 if early else 0]
