"""The address bar: a spec, a run's id and the view, read once and written after every change."""

from collections.abc import Mapping
from dataclasses import fields

import streamlit as st

from nnviz.catalog import DATASETS
from nnviz.charts.chart import PLAIN_VIEW, View
from nnviz.records import Snapshot
from nnviz.spec import ExperimentSpec
from nnviz.ui import texts
from nnviz.ui.registry import hall
from nnviz.ui.seats import Seat
from nnviz.ui.visitor import visitor

FIRST = ExperimentSpec(epochs=0)  # what the page opens with: it learns until stopped


def seat_in_view() -> Seat:
    """Return the seat that this tab looks at: the one of a new link, else the one it had, else a fresh one."""
    query = st.query_params.to_dict()
    is_new_link = bool(query) and query != st.session_state.get("written")
    seat = hall().find(query.get("run") if is_new_link else st.session_state.get("seat"))
    if seat is None:
        seat = _from_link(query) if is_new_link else take_seat(_last_spec())
    if is_new_link:
        _read_view(query)
    st.session_state["seat"] = seat.id
    return seat


def take_seat(spec: ExperimentSpec, *, is_started: bool = False) -> Seat:
    """Open a seat of one's own for a spec and look at it."""
    seat = hall().open(spec, visitor(), usual_pace(spec))
    seat.begin(is_started=is_started)
    st.session_state["seat"] = seat.id
    return seat


def usual_pace(spec: ExperimentSpec) -> float:
    """Return seconds per update at which the first moments can be watched."""
    return 1 / 300 if DATASETS[spec.dataset.name].classes < 10 else 1 / 100


def _last_spec() -> ExperimentSpec:
    """Return the settings that this tab last wrote, so that a forgotten run comes back as a fresh one."""
    return _spec_of(st.session_state.get("written", {}))


def _from_link(query: Mapping[str, str]) -> Seat:
    try:
        spec = _spec_of(query)
    except ValueError as error:
        st.session_state["note"] = texts.TRAIN["bad_link"].format(reason=str(error).rstrip("."))
        return take_seat(FIRST)
    if "run" in query:
        st.session_state["note"] = texts.TRAIN["gone"]
    return take_seat(spec)


def _spec_of(query: Mapping[str, str]) -> ExperimentSpec:
    ours = {"run", *_VIEW}
    return ExperimentSpec.from_query({**FIRST.to_query(), **{name: query[name] for name in query if name not in ours}})


def write_link(seat: Seat, snapshot: Snapshot, view: View) -> None:
    """Show the settings on screen in the address bar."""
    query = {**seat.present_spec(snapshot).to_query(), **_view_query(view), "run": seat.id}
    if st.query_params.to_dict() != query:
        st.query_params.from_dict(query)
    st.session_state["written"] = query


def write_turns(seat: Seat, snapshot: Snapshot) -> None:
    """Bring the live knobs in the address bar up to date, without the rest of the page."""
    turned = {**st.session_state.get("written", {}), **seat.present_spec(snapshot).to_query()}
    if st.session_state.get("written") not in (None, turned):
        st.query_params.from_dict(turned)
        st.session_state["written"] = turned


_VIEW: Mapping[str, type] = {field.name: type(getattr(PLAIN_VIEW, field.name)) for field in fields(View)}


def _view_query(view: View) -> dict[str, str]:
    return {name: str(getattr(view, name)) for name in _VIEW if getattr(view, name) != getattr(PLAIN_VIEW, name)}


def _read_view(query: Mapping[str, str]) -> None:
    """Put a link's view into the session, where the view's widgets find it; nonsense is left out."""
    for name, kind in _VIEW.items():
        if name in query:
            value = _read(query[name], kind)
            if value is not None:
                st.session_state[f"view.{name}"] = value


def _read(text: str, kind: type) -> bool | float | str | None:
    if kind is bool:
        return {"True": True, "False": False}.get(text)
    if kind is str:
        return text
    try:
        return float(text)
    except ValueError:
        return None
