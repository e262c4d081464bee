"""A model's card: its diagram, what to try, its code and its paper."""

import inspect
import sys

import streamlit as st

from nnviz.catalog import MODELS
from nnviz.catalog.family import Paper
from nnviz.charts.diagram import amount, diagram
from nnviz.records.anatomy import Anatomy, layers
from nnviz.sessions.model import ModelSession
from nnviz.sessions.rights import Rights
from nnviz.specs.experiment import ExperimentSpec
from nnviz.specs.pairing import Pairing
from nnviz.training.anatomy import dissected
from nnviz.ui.families.family_page import FamilyPage
from nnviz.ui.registry import registry
from nnviz.ui.tries import Try, call, draw_tries
from nnviz.words.language import say
from nnviz.words.models import page as words


def card(session: ModelSession, page: FamilyPage, *, rights: Rights) -> None:
    """Draw the parts of the card as tabs."""
    family = MODELS[session.kind]
    tries, diagram, code = st.tabs([words.FAMILY[name] for name in ("tries", "diagram", "code")])
    with tries:
        st.markdown(say(page.texts.idea))
        draw_tries(page.tries, _do, session.id, rights)
        if family.paper:
            st.caption(cited(family.paper))
    with diagram:
        _diagrams(session)
    with code:
        for network in family.networks:
            st.code(code_of(network), language="python")


def code_of(network: type) -> str:
    """Return the file that a network's code is, which runs by itself."""
    return inspect.getsource(sys.modules[network.__module__])


# The same network is dissected but once: it takes longer than all else that is drawn on such a page.
@st.cache_data(max_entries=64, show_spinner=False)
def _pieces(spec: ExperimentSpec) -> list[tuple[str, Anatomy]]:
    return dissected(spec)


def _diagrams(session: ModelSession) -> None:
    """Draw each player's network as torch runs it, with what it holds and costs."""
    if session.is_waiting_for_data:
        st.caption(words.FAMILY["diagram_waits"])
        return
    for title, found in _pieces(session.spec):
        numbers = words.FAMILY["size"].format(
            parameters=f"{found.parameters:,}", multiply_adds=amount(found.multiply_adds), depth=found.depth
        )
        st.markdown(f"**{say(title)}** · {numbers}" if title else numbers)
        st.graphviz_chart(diagram(layers(found)))


def cited(paper: Paper) -> str:
    """Write a paper's citation with its link."""
    return f"{paper.authors} ({paper.year}). [{paper.title}]({paper.link}). {paper.venue}."


def _do(session_id: str, each: Try) -> None:
    session = registry().find(session_id, ModelSession)
    if session is not None:
        session.take(Pairing(each.edit(MODELS[session.kind].usual), each.beside), is_started=True)
        call()
