"""The playground on the home page: data, a network unit by unit, its answer and its loss, with all there is to turn."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import streamlit as st

from nnviz.catalog import read_planned
from nnviz.catalog.openings import FIRST_PLAYGROUND
from nnviz.charts.chart import PLAIN_VIEW
from nnviz.records.run import Snapshot
from nnviz.sessions.rights import Rights
from nnviz.sessions.session import Session
from nnviz.specs.planned import Planned
from nnviz.ui.bar import buttons
from nnviz.ui.board.board import asking_board
from nnviz.ui.board.face import face, mark
from nnviz.ui.board.layout import Layout
from nnviz.ui.board.live import timed
from nnviz.ui.link import Address
from nnviz.ui.note import is_due, refuse
from nnviz.ui.notes import notes
from nnviz.ui.play_edits import check_playable, is_playable, turn
from nnviz.ui.registry import registry
from nnviz.ui.shell import PAGES
from nnviz.ui.visitor import visitor
from nnviz.words.playground import PLAYGROUND

_PACE = 1 / 1000  # seconds per update: half the loss takes half a second, hard data some seconds


def _read(query: Mapping[str, str]) -> Planned:
    plan = read_planned(query, first=FIRST_PLAYGROUND)
    check_playable(plan.spec)
    return plan


HOME: Address[Session, Planned] = Address(
    "train",
    Planned(FIRST_PLAYGROUND),
    _read,
    lambda plan: registry().open(Session, plan, visitor(), _PACE),
    lambda session, snapshot: session.present_plan(snapshot),
    name="home",
)
_LAYOUT = Layout(
    charts=("data", "units", "field", "loss"),
    dials=("optimizer.lr", "activation", "layers", "batch_size", "optimizer.weight_decay"),
    view=replace(PLAIN_VIEW, show_test=False, earlier=False),  # little room, and so no more than is needed
    shape="playground",
    is_direct=True,
)
_BOARD = "playground"


def playground() -> None:
    """Draw it; what happens in it draws nothing else of the page again."""
    session = HOME.session_in_view()
    if not is_playable(session.spec):  # it was given other data on Train
        session = HOME.take(HOME.first)
    notes(session, rights=session.rights_of(visitor()), address=HOME)
    timed(_playground, session.id)(session.id)
    HOME.write(session, session.snapshot(), PLAIN_VIEW)


def _playground(session_id: str) -> None:
    session = registry().find(session_id)
    if session is None or not is_playable(session.spec):
        st.rerun()
    rights, snapshot = session.rights_of(visitor()), session.snapshot()
    with st.container(horizontal=True, key="bar", vertical_alignment="bottom", gap="small"):
        buttons(session, snapshot, rights=rights, leaves_out=("epoch",))
        _way_to_train(session, snapshot)
    _board(session, snapshot, rights)
    HOME.write_turns(session, snapshot)
    if is_due():
        st.rerun()  # the sentence belongs above the page


def _way_to_train(session: Session, snapshot: Snapshot) -> None:
    query = {**HOME.link(session, snapshot), "run": session.id}
    path, icon = PAGES["train"]
    st.page_link(
        path, label=PLAYGROUND["open"], icon=icon, help=PLAYGROUND["open_help"], query_params=query, width="content"
    )


def _board(session: Session, snapshot: Snapshot, rights: Rights) -> None:
    told = mark(face(session, snapshot), session.turns)
    asking_board(
        session, snapshot, _LAYOUT, _BOARD, partial(_take_dial, session.id), None, told=told,
        reports=rights.may_steer,
    )  # fmt: skip


def _take_dial(session_id: str) -> None:
    """Do what was asked for, if this visitor may; what cannot be done is said above the page."""
    session, turned = registry().find(session_id), st.session_state[_BOARD]["dial"]
    if session is None or not session.rights_of(visitor()).may_steer:
        return
    try:
        turn(session, str(turned.get("id")), turned.get("value"))
    except ValueError as error:
        refuse(PLAYGROUND.english["refused"], error)
