"""What was drawn of a run, kept for all who look at it."""

import threading
from collections.abc import Callable
from time import monotonic
from typing import Any, TypeVar

from cachetools import LRUCache

_KEPT_DRAWINGS = 8
_KEPT_PARTS = 100
JUDGED_S = 1.0  # nobody reads faster what is said of a run
Made = TypeVar("Made")


class Drawings:
    """Keeps what was drawn lately; any thread may ask."""

    def __init__(self) -> None:
        self._drawings: LRUCache[Any, tuple[Any, Any]] = LRUCache(_KEPT_DRAWINGS)
        self._parts: LRUCache[Any, tuple[Any, Any]] = LRUCache(_KEPT_PARTS)
        self._judged: tuple[Any, float, Any] = (None, 0.0, None)  # of which state, when, and what was found
        self._drawing = threading.Lock()

    def drawing(
        self, tag: Any, stamp: str, draw: Callable[[], Made], does: Callable[[Made], bool] = lambda _: True
    ) -> Made:
        """Return what was drawn for a tag and stamp, drawing them once for all who look, and anew where it won't do."""
        with self._drawing:
            return _kept(self._drawings, tag, stamp, draw, does)

    def part(self, tag: Any, source: Any, draw: Callable[[], Made]) -> Made:
        """Return one chart as written, drawn again only when its source has changed; called while drawing."""
        return _kept(self._parts, tag, source, draw)

    def judged(self, state: Any, judge: Callable[[], Made]) -> Made:
        """Return what was found of a run in a state, judged anew once a second; called while drawing."""
        known, at, found = self._judged
        if known != state or monotonic() - at >= JUDGED_S:
            found = judge()
            self._judged = state, monotonic(), found
        made: Made = found
        return made

    def former(self, tag: Any) -> tuple[Any, Any] | None:
        """Return one chart as it was drawn last, with its source then; called while drawing."""
        return self._parts.get(tag)


def _kept(
    cache: LRUCache[Any, tuple[Any, Any]], tag: Any, source: Any, draw: Callable[[], Made],
    does: Callable[[Made], bool] = lambda _: True,
) -> Made:  # fmt: skip
    """Return what was drawn for a tag, drawn again where its source has changed or it will not do."""
    kept = cache.get(tag)
    if kept is None or kept[0] != source or not does(kept[1]):
        cache[tag] = kept = (source, draw())
    found: Made = kept[1]
    return found
