"""A lesson in one tab: its state, read from the link, changed by dials, points and widgets."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import partial
from typing import Any, Generic, TypeVar

import streamlit as st

from nnviz.specs.lesson import LessonState, bounds_of, default_of, field_of
from nnviz.ui import written
from nnviz.ui.board.protocol import Dial
from nnviz.ui.lesson_kit.progress import forget
from nnviz.ui.note import refuse
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
            return
        try:
            st.session_state[self._key] = self.kind.from_query(query)
        except ValueError as error:
            refuse(lessons.LESSON.english["bad_link"], error)
            st.session_state[self._key] = self.kind()

    def write_link(self) -> None:
        """Show the state in the address bar."""
        written.write(self._written, self.state.to_query())

    def change(self, **changes: Any) -> None:
        """Change some fields, or keep all and say why not."""
        try:
            st.session_state[self._key] = self.state.with_(**changes)
        except ValueError as error:
            refuse(lessons.LESSON.english["refused"], error)

    def start_over(self) -> None:
        """Bring the state and the tasks back to where the lesson begins."""
        st.session_state[self._key] = self.kind()
        forget(self.name)

    def dial(self, name: str, *, is_off: bool = False, words: tuple[str, ...] = ()) -> Dial:
        """Describe the dial of a numeric field for the board; `words` names its whole values from 0 on."""
        bounds = bounds_of(field_of(self.kind, name))
        label, help_text = self.texts.knobs[name]
        step = bounds.step if bounds.kind != "whole" else max(1, bounds.step)
        return {
            "id": name, "label": label, "help": help_text, "low": bounds.low, "high": bounds.high, "step": step,
            "log": bounds.is_log, "value": getattr(self.state, name), "off": is_off, "words": list(words) or None,
            "usual": default_of(field_of(self.kind, name)),
        }  # fmt: skip

    def taker(self, board: str) -> Callable[[], None]:
        """Return the callback for the dials of a board."""
        return partial(self._take, board)

    def _take(self, board: str) -> None:
        turned: Mapping[str, Any] | None = st.session_state[board].get("dial")
        names = {part.name for part in fields(self.kind)}
        if turned is None or turned.get("id") not in names:
            return
        value = turned["value"]
        is_whole = bounds_of(field_of(self.kind, turned["id"])).kind == "whole"
        self.change(**{turned["id"]: round(value) if is_whole else value})
