"""The moment of a run that a reader looks back at, told by the page where there is no line to tell it by."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from nnviz.records.run import Snapshot
from nnviz.sessions.session import Session
from nnviz.ui.board.layout import Layout
from nnviz.ui.board.past_bar import name_of

_KEY = "past.moment"  # of this tab: of which run, and which moment


def take_past(key: str, session_id: str, generation: int) -> None:
    """Note which moment a reader of a board looks at from now on."""
    told: Mapping[str, Any] | None = st.session_state[key]["past"]
    at = told.get("at") if told else None
    is_moment = type(at) is int and at >= 0
    st.session_state[_KEY] = (session_id, generation, told.get("run"), at) if told and is_moment else None


def moment_of(session: Session, run: str) -> int | None:
    """Return the moment of the present run that this reader looks at; None for the present."""
    known = st.session_state.get(_KEY)
    return known[3] if known is not None and known[:3] == (session.id, session.generation, run) else None


def as_seen(session: Session, snapshot: Snapshot, layout: Layout) -> Layout:
    """Return a layout at the moment that this reader looks at."""
    at = moment_of(session, name_of(session.id, snapshot)) if layout.has_past else None
    return layout if at is None else replace(layout, view=replace(layout.view, moment=at))
