"""What a reader has chosen in a lesson: as the page was drawn, and as a hand at a dial has turned it since."""

import threading
from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar

from nnviz.specs.lesson import LessonState

State = TypeVar("State", bound=LessonState)
Found = TypeVar("Found")


class Placed(NamedTuple, Generic[State]):
    """A state, and its number among those of a desk: a later one has a higher."""

    number: int
    state: State


class Desk(Generic[State]):
    """Holds the states of one lesson in one tab, and what was found last of them; any thread may ask.

    A page changes them from its own thread, the lines of its boards from the loop.
    """

    def __init__(self, state: State) -> None:
        self.page = self.newest = Placed(1, state)  # what the page shows, and what the boards show
        self.listeners: set[Callable[[object], None]] = set()  # told of a turn and what studies it; of the loop alone
        self._found: dict[object, tuple[int, Any]] = {}  # by what has studied it
        self._turning, self._studying = threading.Lock(), threading.Lock()

    def follow(self, state: State) -> None:
        """Take over a state that the page has by itself."""
        if state != self.page.state:
            self.change(lambda _: state)

    def change(self, edit: Callable[[State], State]) -> State:
        """Change the newest state for the page, which goes on with it."""
        with self._turning:
            self.page = self.newest = self._after(edit)
            return self.page.state

    def turn(self, edit: Callable[[State], State]) -> int:
        """Change the newest state while the page stays as it is; return its number."""
        with self._turning:
            self.newest = self._after(edit)
            return self.newest.number

    def _after(self, edit: Callable[[State], State]) -> Placed[State]:
        number, before = self.newest
        after = edit(before)
        return self.newest if after == before else Placed(number + 1, after)

    def found(self, study: Callable[[State], Found], *, is_newest: bool = False) -> tuple[Placed[State], Found]:
        """Return the page's state, or the newest one, with what a study finds; it is not studied twice in a row."""
        with self._studying:  # who waits here does not begin with what has been overtaken meanwhile
            placed = self.newest if is_newest else self.page
            number, found = self._found.get(study, (0, None))
            if number != placed.number:
                found = study(placed.state)
                self._found[study] = placed.number, found
            return placed, found
