"""What this tab has written into the address bar, so that a link from outside is told from its own."""

from collections.abc import Mapping

import streamlit as st

_KEPT = 16


def is_news(name: str) -> bool:
    """Tell whether the address bar holds a link that this tab has not written or dealt with.

    A request may still carry the address of before the last writes: that is no link to follow.
    """
    query = st.query_params.to_dict()
    return bool(query) and query not in _queries(name)


def last(name: str) -> dict[str, str] | None:
    """Return what was written last."""
    queries = _queries(name)
    return queries[-1] if queries else None


def write(name: str, query: Mapping[str, str]) -> None:
    """Show a query in the address bar and remember it."""
    if st.query_params.to_dict() != query:
        st.query_params.from_dict(query)
    note(name, query)


def note(name: str, query: Mapping[str, str]) -> None:
    """Take a query for dealt with."""
    kept = [each for each in _queries(name) if each != query]
    st.session_state[name] = [*kept, dict(query)][-_KEPT:]


def _queries(name: str) -> list[dict[str, str]]:
    return list(st.session_state.get(name, ()))
