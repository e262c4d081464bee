"""Branches on the page: the choice of the lane that is steered, those that are behind, and what lets them begin."""

from collections.abc import Sequence

import streamlit as st

from nnviz.records.run import Comparison, Lane, Snapshot
from nnviz.sessions.branches import catch_up, let_go
from nnviz.sessions.rights import Rights
from nnviz.sessions.session import Session
from nnviz.ui.asked import is_asked
from nnviz.ui.export import EXPORT_OPEN
from nnviz.ui.fork import open_fork
from nnviz.ui.fragment import slot
from nnviz.ui.registry import registry
from nnviz.ui.reports import bound_row
from nnviz.words.language import say
from nnviz.words.past import BRANCH, BRANCHES


def branches(session: Session, snapshot: Snapshot, *, rights: Rights) -> None:
    """Draw what there is to choose among lanes, and the dialog where it was asked for."""
    lanes = sorted(snapshot.lanes, key=lambda lane: lane.racer)
    with slot():
        if snapshot.comparison != Comparison.RACE and any(lane.parent for lane in lanes):
            _row(session, lanes, rights)
    with slot():
        _behind(session, lanes, rights)
        _ahead(session)
    is_free = st.session_state.get(EXPORT_OPEN) != session.id  # a page shows one dialog at a time
    if rights.may_steer and is_asked(session.id, session.generation) and is_free:
        open_fork(session, snapshot)


def _row(session: Session, lanes: Sequence[Lane], rights: Rights) -> None:
    names = {lane.racer: say(lane.label) for lane in lanes}
    focus = session.focus if session.focus in names else lanes[0].racer  # what is planned may not have begun yet
    label, help_text = BRANCHES["focus"]
    with st.container(horizontal=True, key="branches", vertical_alignment="bottom", gap="small"):
        st.segmented_control(
            label, format_func=lambda racer: names[racer], help=help_text, required=True, width="content",
            disabled=not rights.may_steer,
            **bound_row(list(names), "branches.focus", focus, _focus, session.id),
        )  # fmt: skip
        is_branch = any(lane.racer == focus and lane.parent for lane in lanes)
        let_go_button(session, focus, "branches.let_go", is_off=not rights.may_steer or not is_branch)


def let_go_button(session: Session, racer: int, key: str, *, is_off: bool) -> None:
    """Draw the button that ends a branch."""
    word, why = BRANCHES["let_go"]
    st.button(
        word, key=key, help=why, icon=":material/close:", type="tertiary", disabled=is_off, on_click=_let_go,
        args=(session.id, racer),
    )  # fmt: skip


def _focus(session_id: str, racer: int) -> None:
    session = registry().find(session_id)
    if session is not None:
        session.focus_on(racer)


def _let_go(session_id: str, racer: int) -> None:
    session = registry().find(session_id)
    if session is not None:
        let_go(session, racer)


# ---- behind and ahead ----


def _behind(session: Session, lanes: Sequence[Lane], rights: Rights) -> None:
    """Tell of branches that trail, and let them catch up; how far they are stands in the line above the charts."""
    for is_catching_up in (True, False):
        found = [lane for lane in lanes if lane.behind and lane.is_catching_up == is_catching_up]
        if found:
            name = "catching" if is_catching_up else "behind"
            told = BRANCH[name].format(lanes=", ".join(say(lane.label) for lane in found))
            with st.container(horizontal=True, key=f"branches.{name}", vertical_alignment="center", gap="small"):
                st.caption(told, width="content")
                _catch_up_button(session, [lane.racer for lane in found], rights, is_catching_up=is_catching_up)


def _catch_up_button(session: Session, racers: list[int], rights: Rights, *, is_catching_up: bool) -> None:
    name, icon = ("stay", "pace") if is_catching_up else ("catch_up", "fast_forward")
    word, why = BRANCHES[name]
    st.button(
        word, key=f"branches.{name}", help=why, type="tertiary", icon=f":material/{icon}:",
        disabled=not rights.may_steer, on_click=_catch_up, args=(session.id, racers, not is_catching_up),
    )  # fmt: skip


def _ahead(session: Session) -> None:
    """Tell of branches that a link has planned and that have not begun."""
    steps = [branch.step for branch in getattr(session.run, "ahead", ())]
    if steps:
        st.caption(BRANCH["ahead"].format(steps=", ".join(f"{step:,}" for step in sorted(steps))))


def _catch_up(session_id: str, racers: Sequence[int], is_waited_for: bool) -> None:
    session = registry().find(session_id)
    if session is not None:
        for racer in racers:
            catch_up(session, racer, is_waited_for=is_waited_for)
