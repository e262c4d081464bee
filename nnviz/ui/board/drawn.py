"""One version of a board as bytes: sent whole at first, and then only as far as a browser lacks it."""

from collections.abc import Mapping, Sequence

from nnviz.ui.board.protocol import Part, Payload, joined


class Drawn:
    """A head with its charts; all who lack the same charts get the same bytes, which are put together once."""

    def __init__(self, head: Payload, parts: Sequence[Part], *, is_whole: bool = True) -> None:
        self.head, self.parts = head, tuple(parts)
        self.is_whole = is_whole  # whether all charts are of this version, those that nobody sees too
        self._made: dict[tuple[bool, ...], bytes] = {}

    @property
    def stamp(self) -> str:
        """Name the version."""
        return self.head["stamp"]

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
