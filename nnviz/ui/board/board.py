"""The live board: numbers and charts of a snapshot, drawn in place."""

from functools import partial
from zlib import crc32

import streamlit as st

from nnviz.charts.rate_curve import HANDLE
from nnviz.records.run import Snapshot
from nnviz.sessions.cures import cure
from nnviz.sessions.session import Session
from nnviz.sessions.trials import take_rate_near
from nnviz.ui.asked import ask_for_fork
from nnviz.ui.board.component import Report, show
from nnviz.ui.board.layout import Layout
from nnviz.ui.board.looked_back import as_seen, take_past
from nnviz.ui.board.message import drawn, known
from nnviz.ui.board.payload import encode
from nnviz.ui.board.protocol import with_more
from nnviz.ui.note import refuse
from nnviz.ui.registry import registry
from nnviz.ui.view import choice_of
from nnviz.words import texts
from nnviz.words.diagnosis import DIAGNOSIS


def board(
    session: Session, snapshot: Snapshot, layout: Layout, key: str = "board", *, calls: int = 0, told: int = 0
) -> None:  # fmt: skip
    """Draw a snapshot; the bytes are made once for all who look at the same version in the same way.

    told: the mark of the face that the page around it was drawn with.  calls: as in `asking_board`.
    """
    own = {
        "calls": calls,
        "told": told,
        **({"reports": True} if layout.pick or layout.has_past or layout.has_diagnosis else {}),
    }
    data = with_more(drawn(session, snapshot, as_seen(session, snapshot, layout)).message(), **own)
    on_target, on_charts = partial(take_target, key), _on_charts(key, layout)
    show(key, data, on_target=on_target, on_charts=on_charts, **_on_run(key, session, layout))


def asking_board(
    session: Session, snapshot: Snapshot, layout: Layout, key: str, on_dial: Report, on_place: Report | None,
    *, calls: int = 0, told: int = 0, reports: bool = True,
) -> None:  # fmt: skip
    """Draw a snapshot as `board` does, and report which dial was turned and where a chart was clicked.

    calls: how often this reader has been called to look at the board; it comes into view with each.  reports: whether
    this reader may turn anything.
    """
    made = drawn(session, snapshot, as_seen(session, snapshot, layout))
    own = {"calls": calls, "told": told, "reports": reports}
    mine = {**own, "stamp": f"{made.stamp}.{crc32(encode(own))}"}
    on_charts, data = _on_charts(key, layout), with_more(made.message(), **mine)
    show(key, data, on_dial=on_dial, on_place=on_place, on_charts=on_charts, **_on_run(key, session, layout))


def _on_charts(key: str, layout: Layout) -> Report | None:
    return partial(take_charts, key, layout.pick.kept_as) if layout.pick else None


def _on_run(key: str, session: Session, layout: Layout) -> dict[str, Report]:
    """Return what is done where a reader goes on from an earlier moment, cures what is wrong, or points at a rate."""
    found: dict[str, Report] = {}
    if not layout.is_watched:
        found["on_handle"] = partial(take_rate, key, session.id, session.generation)
    if layout.has_past:
        found["on_fork"] = partial(take_fork, key, session.id, session.generation)
        found["on_past"] = partial(take_past, key, session.id, session.generation)
    if layout.has_diagnosis and not layout.is_watched:
        found["on_cure"] = partial(take_cure, key, session.id, session.generation)
    return found


def take_cure(key: str, session_id: str, generation: int) -> None:
    """Do what cures something that is wrong with the run that was shown."""
    asked, session = st.session_state[key]["cure"], registry().find(session_id)
    if asked is None or session is None or session.generation != generation:
        return
    try:
        cure(session, str(asked["id"]))
    except ValueError as error:
        refuse(DIAGNOSIS.english["refused"], error)
    st.session_state["view.moved"] = True


def take_rate(key: str, session_id: str, generation: int) -> None:
    """Train on at the rate at which this reader has pressed on the chart of what rates were tried."""
    moved, session = st.session_state[key]["handle"], registry().find(session_id)
    if session is None or session.generation != generation or (moved["name"], moved["act"]) != (HANDLE, "move"):
        return
    try:
        take_rate_near(session, float(moved["x"]))
    except ValueError as error:
        refuse(texts.TRAIN.english["refused"], error)
    st.session_state["view.moved"] = True


def take_fork(key: str, session_id: str, generation: int) -> None:
    """Note the moment from which this reader wants to go on."""
    asked = st.session_state[key]["fork"]
    if asked is not None:
        ask_for_fork(session_id, generation, int(asked["at"]))
        st.session_state["view.moved"] = True


def take_charts(key: str, kept_as: str) -> None:
    """Keep which charts this reader wants to see; none named: all of them, as usual."""
    wanted = st.session_state[key]["charts"]
    if wanted is not None:
        st.session_state[kept_as] = known(wanted["names"])
        st.session_state["view.moved"] = True


def take_target(key: str) -> None:
    """Move the target to where this reader has dragged its line."""
    dragged = st.session_state[key]["target"]
    if dragged is not None:
        st.session_state[choice_of("target")] = float(f"{dragged['y']:.3g}")
        st.session_state["view.moved"] = True
