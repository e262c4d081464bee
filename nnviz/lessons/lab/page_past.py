"""The slider over the lab's run: all steps show the same earlier moment, and the run goes on meanwhile."""

from dataclasses import replace
from functools import partial

import streamlit as st

from nnviz.charts.chart import PLAIN_VIEW
from nnviz.lessons.lab.page_controller import CONTROLLER
from nnviz.records.moments import until
from nnviz.records.run import Snapshot
from nnviz.sessions.lab import LabSession
from nnviz.ui.board.component import show
from nnviz.ui.board.layout import Layout
from nnviz.ui.board.looked_back import moment_of, take_past
from nnviz.ui.board.past_bar import name_of, past_bar
from nnviz.ui.board.protocol import Past
from nnviz.ui.fragment import slot
from nnviz.ui.lesson_kit.stage import BoardSpec, message

_KEY = "lab.board.past"


def moment(session: LabSession, snapshot: Snapshot) -> int | None:
    """Return the moment that this reader looks back at; None for the present."""
    return moment_of(session, name_of(_run(session), snapshot))


def seen(session: LabSession, snapshot: Snapshot) -> Snapshot:
    """Return the run as this reader sees it."""
    at = moment(session, snapshot)
    return snapshot if at is None else until(snapshot, at)


def past(session: LabSession, snapshot: Snapshot) -> Past | None:
    """Describe the slider; None where there is nothing to go back to."""
    view = replace(PLAIN_VIEW, clock="epochs", moment=moment(session, snapshot))
    return past_bar(_run(session), snapshot, Layout(view=view, has_past=True, is_watched=True))  # nobody branches here


def slider(session: LabSession, snapshot: Snapshot) -> None:
    """Draw it, once there is something to go back to."""
    found = past(session, snapshot)
    with slot():
        if found is not None:
            then = partial(take_past, _KEY, session.id, session.generation)
            show(_KEY, message(CONTROLLER, _KEY, BoardSpec({}, {}, past={**found, "own": True})), on_past=then)


def tell(session: LabSession, snapshot: Snapshot) -> None:
    """Say which moment a step shows, where that is not the present."""
    with slot():
        if moment(session, snapshot) is not None:
            lane = seen(session, snapshot).lanes[0]
            st.caption(CONTROLLER.texts.words["back"].format(step=lane.step, epoch=lane.epoch))


def _run(session: LabSession) -> str:
    return f"{session.id}.{session.generation}"
