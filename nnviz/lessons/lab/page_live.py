"""Sections of the lab that follow its run."""

from collections.abc import Callable

import streamlit as st

from nnviz.lessons.lab.page_controller import CONTROLLER
from nnviz.lessons.lab.page_past import is_built, moment
from nnviz.records.run import Snapshot
from nnviz.sessions.lab import LabSession
from nnviz.ui.board.face import face
from nnviz.ui.fragment import fragment
from nnviz.ui.note import draw_again

Section = Callable[[LabSession, Snapshot], None]  # draws a run that has been built


def follow(section: Section, session: LabSession, snapshot: Snapshot, every_s: float | None = None) -> None:
    """Draw a section as a fragment, every so many seconds while the run may change."""
    every_s = every_s if session.is_changing(snapshot) else None
    fragment(_beat, every_s=every_s, name=section.__name__)(section, _face(session, snapshot))


def _face(session: LabSession, snapshot: Snapshot) -> tuple[object, ...]:
    return *face(session, snapshot), session.is_changing(snapshot), moment(session, snapshot)


def _beat(section: Section, drawn: tuple[object, ...]) -> None:
    session = CONTROLLER.session
    snapshot = session.snapshot()
    if is_built(snapshot):
        section(session, snapshot)
    elif not snapshot.status.is_over:  # the page says why it failed
        st.caption(CONTROLLER.texts.words["waiting_for_data" if session.is_waiting_for_data else "building"])
    if _face(session, snapshot) != drawn:
        draw_again()  # the buttons or the timers are out of date
