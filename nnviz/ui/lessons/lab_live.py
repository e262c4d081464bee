"""Sections of the lab that follow its run."""

from collections.abc import Callable

import streamlit as st

from nnviz.records import Snapshot
from nnviz.ui.lab_seats import LabSeat
from nnviz.ui.lessons.lab_desk import DESK
from nnviz.ui.live import face

Section = Callable[[LabSeat, Snapshot], None]  # draws a run that has been built


def follow(section: Section, seat: LabSeat, snapshot: Snapshot, every_s: float | None = None) -> None:
    """Draw a section as a fragment, every so many seconds while the run may change."""
    run_every = every_s if seat.is_changing(snapshot) else None
    st.fragment(_beat, run_every=run_every)(section, face(seat, snapshot))


def _beat(section: Section, drawn: tuple[object, ...]) -> None:
    seat = DESK.seat
    snapshot = seat.snapshot()
    if is_built(snapshot):
        section(seat, snapshot)
    else:
        st.caption(DESK.texts.words["waiting_for_data" if seat.is_waiting_for_data else "building"])
    if face(seat, snapshot) != drawn:
        st.rerun()  # the buttons or the timers are out of date


def is_built(snapshot: Snapshot) -> bool:
    """Tell whether there is a network to look at."""
    return snapshot.scene is not None and bool(snapshot.lanes[0].records)
