"""The address of the fault gallery: which case is looked at, and its run; what is wrong with it stays a secret."""

from collections.abc import Mapping
from functools import partial

import streamlit as st

from nnviz.catalog import read_planned
from nnviz.catalog.cases import CASES
from nnviz.records.run import Snapshot
from nnviz.sessions.session import Session
from nnviz.specs.planned import Planned
from nnviz.ui import written
from nnviz.ui.link import Address, usual_pace
from nnviz.ui.note import note
from nnviz.ui.registry import registry
from nnviz.ui.visitor import visitor
from nnviz.words.cases import GALLERY
from nnviz.words.errors import listed

_WRITTEN = "faults.written"
_CASE = "faults.case"


class CaseAddress(Address[Session, Planned]):
    """What the page's link says of one case, and the session that a tab looks at there."""

    def __init__(self, name: str) -> None:
        first = Planned(CASES[name].spec)
        super().__init__(
            "train",
            first,
            partial(read_planned, first=first.spec),
            lambda plan: registry().open(Session, plan, visitor(), usual_pace(plan.spec)),
            lambda session, snapshot: session.present_plan(snapshot),
            name=f"faults.{name}",
        )
        self._name = name
        self._written = _WRITTEN  # the cases share an address bar

    def _plan_of(self, query: Mapping[str, str]) -> Planned:
        return self.first

    def link(self, session: Session, snapshot: Snapshot) -> dict[str, str]:
        """Write the case alone."""
        return {"case": self._name}


def case_in_view() -> str:
    """Return the case that a new link names, else the one that this tab had, else the first."""
    named = st.query_params.get("case", "")
    if named and written.is_news(_WRITTEN):
        if named in CASES:
            st.session_state[_CASE] = named
        else:
            note(GALLERY["bad_case"].format(name=named, choices=listed(CASES)))
    found = str(st.session_state.get(_CASE, ""))
    return found if found in CASES else next(iter(CASES))


def look_at(name: str) -> None:
    """Turn to another case."""
    st.session_state[_CASE] = name
