"""The fault gallery: a run that is ill, a guess at what it has, and its cure."""

from functools import partial

import streamlit as st

from nnviz.catalog.cases import CASES
from nnviz.records.run import Snapshot
from nnviz.sessions.rights import Rights
from nnviz.sessions.session import Session
from nnviz.ui.bar import bar
from nnviz.ui.board.layout import Layout
from nnviz.ui.board.live import live
from nnviz.ui.branches import branches
from nnviz.ui.export import export
from nnviz.ui.fragment import slot
from nnviz.ui.fresh import fresh_line
from nnviz.ui.gallery.address import CaseAddress, case_in_view, look_at
from nnviz.ui.gallery.guess import guess, is_open, is_solved
from nnviz.ui.knobs import live_knobs
from nnviz.ui.lesson_kit.progress import keep
from nnviz.ui.link import TRAIN
from nnviz.ui.notes import notes
from nnviz.ui.reports import bound_row
from nnviz.ui.shell import PAGES
from nnviz.ui.visitor import visitor
from nnviz.words.cases import GALLERY, case_text


def gallery() -> None:
    """Draw the whole page."""
    name = case_in_view()
    here, case = CaseAddress(name), CASES[name]
    session = here.session_in_view()
    rights, snapshot = session.rights_of(visitor()), session.snapshot()
    notes(session, rights=rights, address=here)
    _head(name)
    view = bar(session, snapshot, rights=rights, is_open=is_open(name))
    with slot():
        if is_open(name):
            _knobs(session, snapshot, rights, here)
    guess(name, partial(_way_to_train, session, snapshot))
    layout = Layout(
        charts=case.charts,
        view=view,
        is_watched=not rights.may_steer,
        has_past=True,
        has_diagnosis=is_open(name),
        is_grouped=False,
    )
    live(session, snapshot, layout)
    if is_open(name):
        export(session, snapshot, TRAIN.view_query(view))
    here.write(session, snapshot, view)


def _head(name: str) -> None:
    """Draw the way to all cases, and what one sees in this one."""
    with st.container(horizontal=True, key="lesson_head", vertical_alignment="bottom"):
        st.title(GALLERY["heading"], anchor=False)
        keep("faults")
    st.markdown(GALLERY["lead"])
    st.segmented_control(
        GALLERY["strip"], format_func=_label, required=True, label_visibility="collapsed",
        **bound_row(list(CASES), "faults.cases", name, look_at),
    )  # fmt: skip
    st.markdown(f"**{case_text(name).seen}**")


def _label(name: str) -> str:
    number = list(CASES).index(name) + 1
    return f":green[:material/check: {number}]" if is_solved(name) else str(number)


def _knobs(session: Session, snapshot: Snapshot, rights: Rights, here: CaseAddress) -> None:
    """Draw what can be turned once the secret is out, and the way to the page where all can be set."""
    live_knobs(session.id, session.generation, rights=rights, address=here)
    fresh_line(session, rights=rights)
    branches(session, snapshot, rights=rights)


def _way_to_train(session: Session, snapshot: Snapshot) -> None:
    path, icon = PAGES["train"]
    query = TRAIN.link(session, snapshot)
    st.page_link(
        path, label=GALLERY["train"], icon=icon, help=GALLERY["train_help"], query_params=query, width="content"
    )
