"""A model's card: its diagram, what to try, its code and its paper."""

import inspect
import sys

import streamlit as st

from nnviz.catalog import MODELS
from nnviz.catalog.family import Paper
from nnviz.charts.diagram import amount, diagram
from nnviz.findings.anatomy import layers
from nnviz.training.anatomy import dissected
from nnviz.ui.families.menu import FamilyPage
from nnviz.ui.families.stage import call
from nnviz.ui.family_seats import FamilySeat, Pairing
from nnviz.ui.family_texts import Try
from nnviz.ui.family_texts import page as words
from nnviz.ui.registry import hall


def card(seat: FamilySeat, page: FamilyPage, *, is_locked: bool) -> None:
    """Draw the parts of the card as tabs."""
    family = MODELS[seat.kind]
    tries, diagram, code = st.tabs([words.FAMILY[name] for name in ("tries", "diagram", "code")])
    with tries:
        st.markdown(page.texts.idea)
        _tries(seat, page.texts.tries, is_locked)
        if family.paper:
            st.caption(cited(family.paper))
    with diagram:
        _diagrams(seat)
    with code:
        for network in family.networks:
            st.code(code_of(network), language="python")


def code_of(network: type) -> str:
    """Return the file that a network's code is, which runs by itself."""
    return inspect.getsource(sys.modules[network.__module__])


def _diagrams(seat: FamilySeat) -> None:
    """Draw each player's network as torch runs it, with what it holds and costs."""
    for title, found in dissected(seat.spec):
        numbers = words.FAMILY["size"].format(
            parameters=f"{found.parameters:,}", multiply_adds=amount(found.multiply_adds), depth=found.depth
        )
        st.markdown(f"**{title}** · {numbers}" if title else numbers)
        st.graphviz_chart(diagram(layers(found)))


def cited(paper: Paper) -> str:
    """Write a paper's citation with its link."""
    return f"{paper.authors} ({paper.year}). [{paper.title}]({paper.link}). {paper.venue}."


def _tries(seat: FamilySeat, tries: tuple[Try, ...], is_locked: bool) -> None:
    for row in (tries[at : at + 3] for at in range(0, len(tries), 3)):
        for column, each in zip(st.columns(3), row, strict=False):
            with column, st.container(border=True, height="stretch"):
                st.markdown(f"**{each.label}**")
                st.caption(each.text)
                st.button(
                    words.FAMILY["do"], key=f"try.{each.label}", icon=":material/play_arrow:", disabled=is_locked,
                    on_click=_do, args=(seat.id, each),
                )  # fmt: skip


def _do(seat_id: str, each: Try) -> None:
    seat = hall().find_family(seat_id)
    if seat is not None:
        seat.take(Pairing(each.edit(MODELS[seat.kind].usual), each.beside), is_started=True)
        call()
