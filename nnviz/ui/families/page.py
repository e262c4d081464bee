"""The page of a model, put together from the parts that all of them share."""

import streamlit as st

from nnviz.catalog import MODELS
from nnviz.sessions.model import ModelSession
from nnviz.sessions.rights import Rights
from nnviz.ui.bar import bar
from nnviz.ui.branches import branches
from nnviz.ui.data_download import data_download
from nnviz.ui.export import export
from nnviz.ui.families.card import card
from nnviz.ui.families.link import address
from nnviz.ui.families.menu import PAGES
from nnviz.ui.families.stage import stage
from nnviz.ui.fragment import slot
from nnviz.ui.fresh import fresh_line
from nnviz.ui.knobs import live_knobs
from nnviz.ui.notes import notes
from nnviz.ui.rate_test import rate_line
from nnviz.ui.registry import registry
from nnviz.ui.reports import bound_row
from nnviz.ui.settings import settings
from nnviz.ui.visitor import visitor
from nnviz.words.language import say
from nnviz.words.models import page as words


def family_page(name: str) -> None:
    """Draw the whole page of a family."""
    page = PAGES[name]
    here = address(name)
    session = here.session_in_view()
    rights = session.rights_of(visitor())
    snapshot = session.snapshot()
    with st.sidebar:
        settings(session, snapshot, rights=rights)
    strip(name)
    notes(session, rights=rights, address=here)
    with st.container(horizontal=True, key="lesson_head", vertical_alignment="bottom"):
        st.title(say(page.texts.title), anchor=False)
        _beside(session, rights)
    st.markdown(say(page.texts.lead))
    view = bar(session, snapshot, rights=rights, address=here)
    live_knobs(session.id, session.generation, rights=rights, address=here)
    rate_line(session, snapshot, rights=rights)
    fresh_line(session, rights=rights)
    branches(session, snapshot, rights=rights)
    with slot():
        if session.is_waiting_for_data:
            data_download(session, rights=rights)
    note = "missing" if session.is_waiting_for_data else ""
    stage(session, snapshot, page, view, note, here.pick((*page.own, *page.below)))
    card(session, page, rights=rights)
    export(session, snapshot, here.view_query(view))
    here.write(session, snapshot, view)


def strip(name: str = "") -> None:
    """Draw the way to all models; the one in view stands out."""
    with st.container(horizontal=True, key="lessons", vertical_alignment="center", gap="small"):
        for place, (each, page) in enumerate(PAGES.items(), 1):
            label = f"{place} · {say(page.texts.menu)}"
            st.page_link(page.path, label=f"**{label}**" if each == name else label)


def _beside(session: ModelSession, rights: Rights) -> None:
    """Draw the choice of a twin to train beside the network."""
    twins = MODELS[session.kind].twins
    if not twins:
        return
    label, help_text = words.DIALS["beside"]
    st.segmented_control(
        label, format_func=lambda each: say(twins[each].label) if each else words.FAMILY["alone"],
        help=help_text, required=True, width="content", disabled=not rights.may_steer,
        **bound_row(["", *twins], f"family.{session.kind}.beside", session.plan.beside, _pair, session.id),
    )  # fmt: skip


def _pair(session_id: str, beside: str) -> None:
    session = registry().find(session_id, ModelSession)
    if session is not None:
        session.pair(beside)
