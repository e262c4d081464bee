"""The descent that a tab looks at: read from its link, changed by its controls."""

from collections.abc import Callable

import streamlit as st

from nnviz.catalog.links import read_descent
from nnviz.catalog.surfaces import check_descent, suggested
from nnviz.specs.descent import DescentSpec
from nnviz.ui import written
from nnviz.ui.note import refuse
from nnviz.words import texts
from nnviz.words.surfaces import SURFACES

_SPEC, _WRITTEN, INTERNALS = "descent.spec", "descent.written", "descent.inside"


def present_spec() -> DescentSpec:
    """Return the descent of this tab."""
    spec = st.session_state.get(_SPEC)
    return spec if isinstance(spec, DescentSpec) else DescentSpec()


def read_link() -> None:
    """Take over a link that this tab has not dealt with; one that cannot be used leaves a sentence."""
    if not written.is_news(_WRITTEN):
        return
    query = st.query_params.to_dict()
    st.session_state[INTERNALS] = query.pop("internals", None)
    try:
        spec = read_descent(query)
        suits = "lanes" in query
        st.session_state[_SPEC] = spec if suits else spec.with_(lanes=suggested(spec.surface, spec.lanes))
    except ValueError as error:
        refuse(texts.TRAIN.english["bad_link"], error)
        st.session_state[_SPEC] = DescentSpec()


def write_link() -> None:
    """Show the descent in the address bar."""
    inside = st.session_state.get(INTERNALS)
    written.write(_WRITTEN, {**present_spec().to_query(), **({"internals": inside} if inside else {})})


def change(edit: Callable[[DescentSpec], DescentSpec]) -> None:
    """Replace this tab's descent, or keep it and say why not."""
    try:
        st.session_state[_SPEC] = check_descent(edit(present_spec()))
    except ValueError as error:
        refuse(SURFACES.english["refused"], error)
