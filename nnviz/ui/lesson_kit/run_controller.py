"""A lesson beside a run in one tab: which run is looked at, whose it is, and what of it; all of it in the link."""

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

import streamlit as st

from nnviz.sessions.rights import Rights
from nnviz.sessions.session import Session
from nnviz.specs.experiment import ExperimentSpec
from nnviz.specs.lesson import LessonState
from nnviz.ui import written
from nnviz.ui.lesson_kit.controller import LessonController
from nnviz.ui.lesson_kit.look import Look
from nnviz.ui.lesson_kit.seat import seats
from nnviz.ui.note import note, refuse
from nnviz.ui.registry import registry
from nnviz.ui.visitor import visitor
from nnviz.words import lessons, texts
from nnviz.words.lesson import LessonTexts

State = TypeVar("State", bound=LessonState)
AnySession = TypeVar("AnySession", bound=Session)


class RunController(LessonController[State], Generic[State, AnySession]):
    """A controller beside a run: the run owns its settings, the tab what it looks at."""

    def __init__(self, name: str, kind: type[State], texts: LessonTexts, session: type[AnySession]) -> None:
        super().__init__(name, kind, texts)
        self._kind, self._seat = session, f"{name}.session"

    # What lessons spell differently.

    def spec_of(self, state: State) -> ExperimentSpec:
        """Return the run that a state describes."""
        raise NotImplementedError

    def settings_of(self, session: AnySession) -> dict[str, Any]:
        """Read the settings back from a run."""
        raise NotImplementedError

    def completed(self, state: State, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Complete some changes of a state."""
        return dict(changes)

    def at_hand(self, state: State) -> State:
        """Return the state with which a tab begins that asks for this one."""
        return state

    def open(self) -> None:
        """Take over a link that this tab has not dealt with, and find or open the run."""
        query = st.query_params.to_dict()
        is_new = written.is_news(self._written)
        named = query.pop("run", None) if is_new else st.session_state.get(self._seat)
        is_read = is_new and self._read(query)
        session = registry().find(named, self._kind)
        if session is None:
            if is_read and named is not None:
                note(texts.TRAIN["gone"])
            session = self._session_for(self.at_hand(self.state))
        st.session_state[self._seat] = session.id
        self.adopt(session)

    def _read(self, query: Mapping[str, str]) -> bool:
        """Read the settings of a link; one that cannot be read leaves a sentence and the lesson at its start."""
        try:
            st.session_state[self._key] = self.kind.from_query(query)
        except ValueError as error:
            refuse(lessons.LESSON.english["bad_link"], error)
            st.session_state[self._key] = self.kind()
            return False
        return True

    def _session_for(self, state: State) -> AnySession:
        """Open a run of one's own and look at it."""
        session = registry().open(self._kind, self.spec_of(state), visitor())
        session.begin(is_started=False)
        st.session_state[self._seat], st.session_state[self._key] = session.id, state
        return session

    def adopt(self, session: AnySession) -> None:
        """Show the settings of the run, which another tab may have changed."""
        st.session_state[self._key] = self.state.with_(**self.completed(self.state, self.settings_of(session)))

    @property
    def session(self) -> AnySession:
        """The run that this tab looks at."""
        session = registry().find(st.session_state.get(self._seat), self._kind)
        if session is None:
            st.rerun()  # it was forgotten: the page opens another
        return session

    @property
    def rights(self) -> Rights:
        """What this visitor may do with the run."""
        return self.session.rights_of(visitor())

    def look(self, board: str) -> Look:
        """Return a board that shows moments of the run, as its line sees it."""
        kept: dict[str, Look] = st.session_state.setdefault(f"{self._key}.looks", {})
        if board not in kept:
            kept[board] = Look(visitor())
            seats().add(kept[board])
        return kept[board]

    def write_link(self) -> None:
        """Show the state and the run in the address bar."""
        written.write(self._written, {**self.state.to_query(), "run": self.session.id})

    def change(self, **changes: Any) -> None:
        """Change what is looked at, or a setting, which begins a fresh run."""
        before = self.state
        super().change(**self.completed(before, changes))
        spec = self.spec_of(self.state)
        session = registry().find(st.session_state.get(self._seat), self._kind)
        if spec == self.spec_of(before) or session is None:
            return
        if session.rights_of(visitor()).may_steer:
            session.restart(spec, is_started=False)
        else:
            st.session_state[self._key] = before

    def start_over(self) -> None:
        """Bring tasks, looks and settings back to where the lesson begins; a watcher gets a run of their own."""
        super().start_over()
        self._session_for(self.at_hand(self.state))

    def copy(self) -> None:
        """Take a run of one's own with the settings on screen."""
        self._session_for(self.state)
