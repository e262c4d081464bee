"""The lab's state in one tab: which run is looked at, whose it is, and what of it; all of it in the link."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from nnviz.catalog.files import missing
from nnviz.lessons.lab import State, changed_by, settings_of, spec_of
from nnviz.ui import texts
from nnviz.ui.lab_seats import LabSeat
from nnviz.ui.lesson_texts.lab import TEXTS
from nnviz.ui.lessons.desk import Desk
from nnviz.ui.registry import hall
from nnviz.ui.visitor import visitor

_SEAT, _WRITTEN = "lab.seat", "lab.written"


class LabDesk(Desk[State]):
    """A desk beside a run: the run owns its settings, the tab what it looks at."""

    def open(self) -> None:
        """Take over a link that this tab has not dealt with, and find or open the run."""
        query = st.query_params.to_dict()
        is_new = bool(query) and query != st.session_state.get(_WRITTEN)
        named = query.pop("run", None) if is_new else st.session_state.get(_SEAT)
        is_read = is_new and self._read(query)
        seat = hall().find_lab(named)
        if seat is None:
            if is_read and named is not None:
                st.session_state["note"] = texts.TRAIN["gone"]
            seat = self._seat_for(_at_hand(self.state))
        st.session_state[_SEAT] = seat.id
        self._adopt(seat)

    def _read(self, query: Mapping[str, str]) -> bool:
        """Read the settings of a link; one that cannot be read leaves a sentence and the lab at its start."""
        try:
            st.session_state[self._key] = self.kind.from_query(query)
        except ValueError as error:
            st.session_state["note"] = texts.LESSON["bad_link"].format(reason=str(error).rstrip("."))
            st.session_state[self._key] = self.kind()
            return False
        return True

    def _seat_for(self, state: State) -> LabSeat:
        """Open a run of one's own and look at it."""
        seat = hall().open_lab(spec_of(state), visitor())
        seat.begin(is_started=False)
        st.session_state[_SEAT], st.session_state[self._key] = seat.id, state
        return seat

    def _adopt(self, seat: LabSeat) -> None:
        """Show the settings of the run, which another tab may have changed."""
        settings = settings_of(seat.spec)
        looks = {} if settings["data"] == self.state.data else changed_by(self.state, settings)
        st.session_state[self._key] = self.state.with_(**{**looks, **settings})

    @property
    def seat(self) -> LabSeat:
        """The run that this tab looks at."""
        seat = hall().find_lab(st.session_state.get(_SEAT))
        if seat is None:
            st.rerun()  # it was forgotten: the page opens another
        return seat

    @property
    def is_locked(self) -> bool:
        """Whether the run is somebody else's."""
        return not self.seat.is_steered_by(visitor())

    def write_link(self) -> None:
        """Show the state and the run in the address bar."""
        query = {**self.state.to_query(), "run": self.seat.id}
        if st.query_params.to_dict() != query:
            st.query_params.from_dict(query)
        st.session_state[_WRITTEN] = query

    def change(self, **changes: Any) -> None:
        """Change what is looked at, or a setting, which begins a fresh run."""
        before = self.state
        super().change(**changed_by(before, changes))
        spec = spec_of(self.state)
        seat = hall().find_lab(st.session_state.get(_SEAT))
        if spec == spec_of(before) or seat is None:
            return
        if seat.is_steered_by(visitor()):
            seat.restart(spec, is_started=False)
        else:
            st.session_state[self._key] = before

    def start_over(self) -> None:
        """Bring tasks, looks and settings back to where the lab begins; a watcher gets a run of their own."""
        super().start_over()
        self._seat_for(_at_hand(self.state))

    def copy(self) -> None:
        """Take a run of one's own with the settings on screen."""
        self._seat_for(self.state)


def _at_hand(state: State) -> State:
    """Fall back to the digits where the data of a state is not on this machine."""
    if missing(state.data) is None:
        return state
    return state.with_(**changed_by(state, {"data": "digits"}))


DESK = LabDesk("lab", State, TEXTS)
