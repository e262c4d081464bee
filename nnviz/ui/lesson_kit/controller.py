"""A lesson in one tab: its state, read from the link, changed by dials, points and widgets."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import partial
from typing import Any, Generic, TypeVar

import streamlit as st

from nnviz.specs.lesson import LessonState, bounds_of, default_of, field_of
from nnviz.ui import written
from nnviz.ui.board.protocol import Dial
from nnviz.ui.lesson_kit.desk import Desk, Found
from nnviz.ui.lesson_kit.progress import forget
from nnviz.ui.lesson_kit.seat import Handle, LiveBoard, Seat, changed, seats, turned
from nnviz.ui.note import refuse
from nnviz.ui.visitor import visitor
from nnviz.words import lessons
from nnviz.words.lesson import LessonTexts

State = TypeVar("State", bound=LessonState)


class LessonController(Generic[State]):
    """Gives and changes one lesson's state; it keeps nothing itself, the tab does."""

    def __init__(self, name: str, kind: type[State], texts: LessonTexts) -> None:
        self.name, self.kind, self.texts = name, kind, texts
        self._key, self._written = f"lesson.{name}", f"lesson.{name}.written"

    @property
    def state(self) -> State:
        """What the reader has chosen."""
        found = st.session_state.get(self._key)
        # After a hot reload a state of the old class may be there.
        return found if isinstance(found, self.kind) else self.kind()

    def open(self) -> None:
        """Take over a link that this tab has not dealt with; one that cannot be used leaves a sentence."""
        query = st.query_params.to_dict()
        if not written.is_news(self._written):
            self.edit(lambda state: state)
            return
        try:
            self.edit(lambda _: self.kind.from_query(query))
        except ValueError as error:
            refuse(lessons.LESSON.english["bad_link"], error)
            self.edit(lambda _: self.kind())

    def write_link(self) -> None:
        """Show the state in the address bar."""
        written.write(self._written, self.state.to_query())

    def after(self, state: State, changes: Mapping[str, Any]) -> State:
        """Return a state with some fields changed, and with what follows from that; lines ask for it, too."""
        return state.with_(**changes)

    def change(self, **changes: Any) -> None:
        """Change some fields, or keep all and say why not."""
        self._try(lambda state: self.after(state, changes))

    def _try(self, edit: Callable[[State], State]) -> None:
        try:
            self.edit(edit)
        except ValueError as error:
            refuse(lessons.LESSON.english["refused"], error)

    def edit(self, edit: Callable[[State], State]) -> None:
        """Change the state, and go on from what lines have turned; raises what the edit raises."""
        desk = self._desk
        st.session_state[self._key] = desk.change(edit) if desk else edit(self.state)

    def start_over(self) -> None:
        """Bring the state and the tasks back to where the lesson begins."""
        self.edit(lambda _: self.kind())
        forget(self.name)

    @property
    def _desk(self) -> Desk[State] | None:
        """What the page shares with lines, where it has boards with lines."""
        found: Desk[State] | None = st.session_state.get(f"{self._key}.desk")
        if found is not None:
            found.follow(self.state)
        return found

    @property
    def desk(self) -> Desk[State]:
        """What the page shares with the lines of its boards, set up for the first of them."""
        found = self._desk
        if found is None:
            found = st.session_state[f"{self._key}.desk"] = Desk(self.state)
        return found

    def found(self, board: LiveBoard[State, Found]) -> Found:
        """Return what a board's study finds of the state."""
        return self.desk.found(board.study)[1]

    def seat(self, board: LiveBoard[State, Any]) -> Seat[State, Any]:
        """Return a board as its line sees it."""
        kept: dict[str, Seat[State, Any]] = st.session_state.setdefault(f"{self._key}.seats", {})
        if board.key not in kept:
            kept[board.key] = Seat(visitor(), self.desk, self.after, self.texts)
            seats().add(kept[board.key])
        return kept[board.key]

    def dial(
        self, name: str, state: State | None = None, *, is_off: bool = False, words: tuple[str, ...] = ()
    ) -> Dial:  # fmt: skip
        """Describe the dial of a numeric field for the board; `words` names its whole values from 0 on.

        state: what it shows, where that may be another than the page's.
        """
        bounds, value = bounds_of(field_of(self.kind, name)), getattr(state or self.state, name)
        label, help_text = self.texts.knobs[name]
        step = bounds.step if bounds.kind != "whole" else max(1, bounds.step)
        return {
            "id": name, "label": label, "help": help_text, "low": bounds.low, "high": bounds.high, "step": step,
            "log": bounds.is_log, "value": value, "off": is_off, "words": list(words) or None,
            "usual": default_of(field_of(self.kind, name)),
        }  # fmt: skip

    def taker(self, board: str) -> Callable[[], None]:
        """Return the callback for the dials of a board."""
        return partial(self._take, board)

    def _take(self, board: str) -> None:
        told: Mapping[str, Any] | None = st.session_state[board].get("dial")
        names = {part.name for part in fields(self.kind)}
        if told is None or told.get("id") not in names:
            return
        is_whole = bounds_of(field_of(self.kind, told["id"])).kind == "whole"
        value = round(told["value"]) if is_whole else told["value"]
        self._try(lambda state: turned(state, told["id"], value, self.after))

    def take(self, taken: Callable[[State, Handle], Mapping[str, Any]], handle: Handle) -> None:
        """Do what a hand has done on a chart, or keep all and say why not."""
        self._try(lambda state: changed(state, taken(state, handle), self.after))
