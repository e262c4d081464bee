"""The page of a model, put together from the parts that all of them share."""

import streamlit as st

from nnviz.catalog import MODELS
from nnviz.ui.bar import bar
from nnviz.ui.families.card import card
from nnviz.ui.families.link import address
from nnviz.ui.families.menu import PAGES
from nnviz.ui.families.stage import stage
from nnviz.ui.family_seats import FamilySeat
from nnviz.ui.family_texts import page as words
from nnviz.ui.gate import gate
from nnviz.ui.knobs import live_knobs
from nnviz.ui.notes import notes
from nnviz.ui.registry import hall
from nnviz.ui.settings import settings
from nnviz.ui.shell import shell
from nnviz.ui.visitor import visitor
from nnviz.ui.widgets import is_echo, mirror


def family_page(name: str) -> None:
    """Draw the whole page of a family."""
    page = PAGES[name]
    shell(page.texts.title)
    here = address(name, page.beside)
    seat = here.seat_in_view()
    is_locked = not seat.is_steered_by(visitor())
    snapshot = seat.snapshot()
    with st.sidebar:
        settings(seat, snapshot, is_locked=is_locked)
    strip(name)
    notes(seat, is_locked=is_locked, address=here)
    with st.container(horizontal=True, key="lesson_head", vertical_alignment="bottom"):
        st.title(page.texts.title, anchor=False)
        _beside(seat, is_locked)
    st.markdown(page.texts.lead)
    view = bar(seat, snapshot, is_locked=is_locked)
    live_knobs(seat.id, is_locked=is_locked, address=here)
    if seat.is_waiting_for_data:
        gate(seat, is_locked=is_locked)
    stage(seat, snapshot, page, view, "missing" if seat.is_waiting_for_data else "")
    card(seat, page, is_locked=is_locked)
    here.write(seat, snapshot, view)


def strip(name: str = "") -> None:
    """Draw the way to all models; the one in view stands out."""
    with st.container(horizontal=True, key="lessons", vertical_alignment="center", gap="small"):
        for place, (each, page) in enumerate(PAGES.items(), 1):
            label = f"{place} · {page.texts.menu}"
            st.page_link(page.path, label=f"**{label}**" if each == name else label)


def _beside(seat: FamilySeat, is_locked: bool) -> None:
    """Draw the choice of a twin to train beside the network."""
    twins = MODELS[seat.kind].twins
    if not twins:
        return
    key = f"family.{seat.kind}.beside"
    mirror(key, seat.plan.beside)
    label, help_text = words.BESIDE
    st.segmented_control(
        label, ["", *twins], format_func=lambda each: twins[each].label if each else words.FAMILY["alone"], key=key,
        help=help_text, required=True, width="content", disabled=is_locked, on_change=_pair, args=(seat.id, key),
    )  # fmt: skip


def _pair(seat_id: str, key: str) -> None:
    seat = hall().find_family(seat_id)
    if seat is not None and not is_echo(key):
        seat.pair(st.session_state[key] or "")
