"""A board of a lesson that answers a hand by the line: how it is declared, and as its line sees it in one tab."""

import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar
from weakref import WeakValueDictionary

import streamlit as st

from nnviz.specs.lesson import LessonState, bounds_of, field_of
from nnviz.ui.board.drawn import Drawn
from nnviz.ui.board.protocol import Dial, Payload
from nnviz.ui.lesson_kit.desk import Desk
from nnviz.ui.lesson_kit.drawing import BoardSpec, drawn_of
from nnviz.words import errors
from nnviz.words.language import Translate, message, speaking
from nnviz.words.lesson import LessonTexts

State = TypeVar("State", bound=LessonState)
Found = TypeVar("Found")
Handle = Mapping[str, Any]  # {"chart", "act", "name", "index", "x", "y"}
After = Callable[[State, Mapping[str, Any]], State]


class Answering(Protocol):
    """A board of a lesson in one tab, as its line asks it."""

    name: str
    owner: str

    @property
    def study(self) -> object:
        """What finds that which it shows."""

    @property
    def listeners(self) -> set[Callable[[object], None]]:
        """Those who are told that something was turned on a board, and what studies it."""

    def ask(self, at: int | None, have: Mapping[str, int]) -> bool:
        """Take the moment that a browser looks at; tell whether one with these figures lacks something."""

    def turn(self, name: str, value: Any) -> int:
        """Turn a dial; raises ValueError where the line cannot."""

    def move(self, handle: Handle) -> int:
        """Move something on a chart; raises ValueError likewise."""

    def drawn(self) -> Drawn | None:
        """Draw what was asked for last; None while there is nothing to draw."""


@dataclass(frozen=True, slots=True)
class LiveBoard(Generic[State, Found]):
    """A board whose dials and points its line answers; a lesson declares it once.

    Boards with one study show what it finds together: what is turned on one of them is drawn on all.  taken: what
    changes when a hand does something on a chart: it moves, adds, removes or chooses a point, or brings what a click
    brings to a place (act "move", "add", "remove", "choose" or "place"); {} where that changes nothing.
    """

    key: str
    study: Callable[[State], Found]
    scene: Callable[[State, Found], BoardSpec]
    taken: Callable[[State, Handle], Mapping[str, Any]] | None = None


@dataclass(frozen=True, slots=True)
class _Kept:
    """The last drawing: of which state, by what, and for whom."""

    of: tuple[object, ...]
    drawn: Drawn


class Seat(Generic[State, Found]):
    """One board in one tab; any thread may ask. Its name is known to that tab alone."""

    def __init__(self, owner: str, desk: Desk[State], after: After[State], texts: LessonTexts) -> None:
        self.name = secrets.token_urlsafe(9)
        self.owner, self.desk = owner, desk
        self._after, self._texts = after, texts
        self._board: LiveBoard[State, Found]
        self._translate: Translate
        self._dials: Mapping[str, Dial] = {}
        self._kept: _Kept | None = None

    @property
    def study(self) -> object:
        """What finds that which it shows."""
        return self._board.study

    @property
    def stamps(self) -> Mapping[str, int]:
        """List the figures as they were drawn last."""
        return self._kept.drawn.stamps if self._kept else {}

    @property
    def listeners(self) -> set[Callable[[object], None]]:
        """Those who are told of a turn."""
        return self.desk.listeners

    def ask(self, at: int | None, have: Mapping[str, int]) -> bool:
        """Tell whether a browser with these figures may have missed something; a study has no moments."""
        return dict(have) != self.stamps

    def seen(self, board: LiveBoard[State, Found], translate: Translate) -> Drawn:
        """Draw it as the page is drawn, in the reader's language."""
        self._board, self._translate = board, translate
        return self._draw(is_newest=False)

    def drawn(self) -> Drawn:
        """Draw what a hand has turned last."""
        return self._draw(is_newest=True)

    def turn(self, name: str, value: Any) -> int:
        """Turn a dial that stands on the board, and return the number of what comes of it.

        Raises ValueError for another dial, and for a value that this one cannot have.
        """
        if name not in self._dials:
            raise ValueError(message(errors.CHOICES["live"], target=name, choices=errors.listed(self._dials)))
        fitting = checked(self._dials[name], type(self.desk.newest.state), value)
        return self._change(lambda state: turned(state, name, fitting, self._after))

    def move(self, handle: Handle) -> int:
        """Move something on a chart, and return the number of what comes of it.

        Raises ValueError where nothing on the board can be moved, and for a place where it cannot be.
        """
        taken = self._board.taken
        if taken is None:
            raise ValueError(message(errors.CHOICES["live"], target=handle["name"], choices=errors.listed(self._dials)))
        return self._change(lambda state: changed(state, taken(state, handle), self._after))

    def _change(self, edit: Callable[[State], State]) -> int:
        found = self.desk.turn(edit)
        for hear in tuple(self.listeners):
            hear(self.study)
        return found

    def _draw(self, *, is_newest: bool) -> Drawn:
        board, translate = self._board, self._translate
        placed, found = self.desk.found(board.study, is_newest=is_newest)
        of = placed.number, board, translate
        kept = self._kept
        if kept is None or kept.of != of:
            with speaking(translate):
                scene = board.scene(placed.state, found)
                kept = _Kept(of, self._written(board.key, placed.number, scene))
            self._dials = {dial["id"]: dial for dial in scene.dials}
            self._kept = kept
        return kept.drawn

    def _written(self, key: str, number: int, scene: BoardSpec) -> Drawn:
        found = drawn_of(self._texts, key, scene)
        head: Payload = {**found.head, "want": self.name, "direct": True, "desk": True, "at": (0, number)}
        return Drawn(head, found.parts)


def turned(state: State, name: str, value: Any, after: After[State]) -> State:
    """Return a state with a dial turned; nothing follows where it stands so already."""
    return state if getattr(state, name) == value else after(state, {name: value})


def changed(state: State, changes: Mapping[str, Any], after: After[State]) -> State:
    """Return a state with what a hand has changed on a chart; nothing follows where it is so already."""
    return state if all(getattr(state, name) == value for name, value in changes.items()) else after(state, changes)


def checked(dial: Dial, kind: type[LessonState], value: Any) -> float:
    """Return a value that a dial can have; raises ValueError naming the choices for any other."""
    name, low, high = dial["id"], dial["low"], dial["high"]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(message(errors.NUMBERS["number"], name=name, value=value))
    if dial["off"] or not low <= value <= high:
        raise ValueError(message(errors.NUMBERS["from"], name=name, low=low, high=high, value=value))
    if bounds_of(field_of(kind, name)).kind != "whole":
        return float(value)
    if value != round(value):
        raise ValueError(message(errors.NUMBERS["whole"], name=name, value=value))
    return round(value)


class Seats:
    """Finds the boards of lessons by their names, for as long as their tabs are there; any thread may ask."""

    def __init__(self) -> None:
        self._seats: WeakValueDictionary[str, Answering] = WeakValueDictionary()
        self._lock = threading.Lock()

    def add(self, seat: Answering) -> None:
        """Let one be found."""
        with self._lock:
            self._seats[seat.name] = seat

    def find(self, name: str) -> Answering | None:
        """Return the one of a name, or None."""
        with self._lock:
            return self._seats.get(name)


@st.cache_resource(max_entries=1, show_spinner=False)
def seats() -> Seats:
    """Return those of this process."""
    return Seats()
