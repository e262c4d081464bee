"""A board of a lesson beside a run, as its line sees it in one tab: at the moment that its reader looks back at."""

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from nnviz.ui.board.drawn import Drawn
from nnviz.words.language import Translate, speaking

At = int | None  # a moment of the run, in updates; None for the present
Draw = Callable[[At], Drawn | None]  # None while there is nothing to draw


class Look:
    """Draws one board at whatever moment its slider asks for; any thread may ask. Its name is known to one tab alone.

    What stands around the board is the page's, which follows when the hand rests.
    """

    def __init__(self, owner: str) -> None:
        self.name = secrets.token_urlsafe(9)
        self.owner, self.study = owner, None
        self.listeners: set[Callable[[object], None]] = set()
        self._at: At = None
        self._draw: Draw
        self._translate: Translate

    def seen(self, drawn: Drawn, again: Draw, translate: Translate) -> bytes:
        """Write it as the page has drawn it, and note how the line draws it again, in the reader's language."""
        self._draw, self._translate = again, translate
        return self._named(drawn).message()

    def ask(self, at: At, have: Mapping[str, int]) -> bool:
        """Take the moment that a browser looks at, which has to be drawn whatever it has."""
        self._at = at
        return True

    def drawn(self) -> Drawn | None:
        """Draw it at the moment that was asked for last."""
        with speaking(self._translate):
            found = self._draw(self._at)
        return self._named(found) if found else None

    def turn(self, name: str, value: Any) -> int:
        """Refuse: what is turned here needs the page."""
        raise ValueError(name)

    def move(self, handle: Mapping[str, Any]) -> int:
        """Refuse likewise."""
        raise ValueError(handle["name"])

    def _named(self, drawn: Drawn) -> Drawn:
        return Drawn({**drawn.head, "want": self.name, "desk": True}, drawn.parts)
