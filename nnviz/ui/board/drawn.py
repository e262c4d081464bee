"""One version of a board as bytes: sent whole at first, and then only as far as a browser lacks it."""

from collections.abc import Mapping, Sequence, Set

from nnviz.ui.board.protocol import Part, Payload, joined

Sight = Set[str] | None  # the charts that somebody sees; None for all


class Drawn:
    """A head with its charts; all who lack the same charts get the same bytes, which are put together once."""

    def __init__(self, head: Payload, parts: Sequence[Part], stale: Set[str] = frozenset()) -> None:
        self.head, self.parts = head, tuple(parts)
        self.stale = stale  # charts that are of an earlier version, for nobody saw them
        self._made: dict[tuple[bool, ...], bytes] = {}

    @property
    def stamp(self) -> str:
        """Name the version."""
        return self.head["stamp"]

    def shows(self, sight: Sight) -> bool:
        """Whether all charts in sight are of its own version."""
        return not self.stale if sight is None else self.stale.isdisjoint(sight)

    @property
    def stamps(self) -> dict[str, int]:
        """List the charts as a browser has them that was sent this."""
        return {part.name: part.stamp for part in self.parts}

    def message(self, have: Mapping[str, int] | None = None) -> bytes:
        """Write it for a browser that has charts with these stamps already."""
        lacks = tuple((have or {}).get(part.name) != part.stamp for part in self.parts)
        if lacks not in self._made:
            each = zip(self.parts, lacks, strict=True)
            cards = [part.written if is_lacking else part.mention() for part, is_lacking in each]
            self._made[lacks] = joined(self.head, cards)
        return self._made[lacks]
