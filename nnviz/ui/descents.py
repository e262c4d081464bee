"""The descent that a tab looks at: read from its link, changed by its controls."""

from collections.abc import Callable

import streamlit as st

from nnviz.catalog.surfaces import check_descent, suggested
from nnviz.descent import DescentSpec
from nnviz.ui import texts

_SPEC, _WRITTEN, INTERNALS = "descent.spec", "descent.written", "descent.internals"


def present_spec() -> DescentSpec:
    """Return the descent of this tab."""
    spec = st.session_state.get(_SPEC)
    return spec if isinstance(spec, DescentSpec) else DescentSpec()


def read_link() -> None:
    """Take over a link that this tab has not dealt with; one that cannot be used leaves a sentence."""
    query = st.query_params.to_dict()
    if not query or query == st.session_state.get(_WRITTEN):
        return
    st.session_state[INTERNALS] = query.pop("internals", None)
    try:
        spec = DescentSpec.from_query(query)
        suits = "lanes" in query
        st.session_state[_SPEC] = spec if suits else spec.with_(lanes=suggested(spec.surface, spec.lanes))
    except ValueError as error:
        st.session_state["note"] = texts.TRAIN["bad_link"].format(reason=str(error).rstrip("."))
        st.session_state[_SPEC] = DescentSpec()


def write_link() -> None:
    """Show the descent in the address bar."""
    inside = st.session_state.get(INTERNALS)
    query = {**present_spec().to_query(), **({"internals": inside} if inside else {})}
    if st.query_params.to_dict() != query:
        st.query_params.from_dict(query)
    st.session_state[_WRITTEN] = query


def change(edit: Callable[[DescentSpec], DescentSpec]) -> None:
    """Replace this tab's descent, or keep it and say why not."""
    try:
        st.session_state[_SPEC] = check_descent(edit(present_spec()))
    except ValueError as error:
        st.session_state["note"] = texts.SURFACES["refused"].format(reason=str(error).rstrip("."))
