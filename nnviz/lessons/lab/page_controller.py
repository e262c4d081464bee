"""The lab's state in one tab: which run is looked at, whose it is, and what of it; all of it in the link."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from nnviz.catalog.files import missing
from nnviz.lessons.lab.state import State, changed_by, settings_of, spec_of
from nnviz.lessons.lab.texts import TEXTS
from nnviz.sessions.lab import LabSession
from nnviz.sessions.rights import Rights
from nnviz.ui import written
from nnviz.ui.lesson_kit.controller import LessonController
from nnviz.ui.note import note, refuse
from nnviz.ui.registry import registry
from nnviz.ui.visitor import visitor
from nnviz.words import lessons, texts

_SEAT = "lab.session"


class LabController(LessonController[State]):
    """A controller beside a run: the run owns its settings, the tab what it looks at."""

    def open(self) -> None:
        """Take over a link that this tab has not dealt with, and find or open the run."""
        query = st.query_params.to_dict()
        is_new = written.is_news(self._written)
        named = query.pop("run", None) if is_new else st.session_state.get(_SEAT)
        is_read = is_new and self._read(query)
        session = registry().find(named, LabSession)
        if session is None:
            if is_read and named is not None:
                note(texts.TRAIN["gone"])
            session = self._session_for(_at_hand(self.state))
        st.session_state[_SEAT] = session.id
        self._adopt(session)

    def _read(self, query: Mapping[str, str]) -> bool:
        """Read the settings of a link; one that cannot be read leaves a sentence and the lab at its start."""
        try:
            st.session_state[self._key] = self.kind.from_query(query)
        except ValueError as error:
            refuse(lessons.LESSON.english["bad_link"], error)
            st.session_state[self._key] = self.kind()
            return False
        return True

    def _session_for(self, state: State) -> LabSession:
        """Open a run of one's own and look at it."""
        session = registry().open(LabSession, spec_of(state), visitor())
        session.begin(is_started=False)
        st.session_state[_SEAT], st.session_state[self._key] = session.id, state
        return session

    def _adopt(self, session: LabSession) -> None:
        """Show the settings of the run, which another tab may have changed."""
        settings = settings_of(session.spec)
        looks = {} if settings["data"] == self.state.data else changed_by(self.state, settings)
        st.session_state[self._key] = self.state.with_(**{**looks, **settings})

    @property
    def session(self) -> LabSession:
        """The run that this tab looks at."""
        session = registry().find(st.session_state.get(_SEAT), LabSession)
        if session is None:
            st.rerun()  # it was forgotten: the page opens another
        return session

    @property
    def rights(self) -> Rights:
        """What this visitor may do with the run."""
        return self.session.rights_of(visitor())

    def write_link(self) -> None:
        """Show the state and the run in the address bar."""
        written.write(self._written, {**self.state.to_query(), "run": self.session.id})

    def change(self, **changes: Any) -> None:
        """Change what is looked at, or a setting, which begins a fresh run."""
        before = self.state
        super().change(**changed_by(before, changes))
        spec = spec_of(self.state)
        session = registry().find(st.session_state.get(_SEAT), LabSession)
        if spec == spec_of(before) or session is None:
            return
        if session.rights_of(visitor()).may_steer:
            session.restart(spec, is_started=False)
        else:
            st.session_state[self._key] = before

    def start_over(self) -> None:
        """Bring tasks, looks and settings back to where the lab begins; a watcher gets a run of their own."""
        super().start_over()
        self._session_for(_at_hand(self.state))

    def copy(self) -> None:
        """Take a run of one's own with the settings on screen."""
        self._session_for(self.state)


def _at_hand(state: State) -> State:
    """Fall back to the digits where the data of a state is not on this machine."""
    if missing(state.data) is None:
        return state
    return state.with_(**changed_by(state, {"data": "digits"}))


CONTROLLER = LabController("lab", State, TEXTS)
