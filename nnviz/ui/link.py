"""The address bar: settings, a run's id and the view, read once and written after every change."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Generic, Protocol, TypeVar, cast

import streamlit as st

from nnviz.catalog import DATASETS
from nnviz.charts.chart import PLAIN_VIEW, View
from nnviz.race import RaceSpec
from nnviz.records import Snapshot
from nnviz.spec import ExperimentSpec
from nnviz.ui import texts
from nnviz.ui.race_seats import RaceSeat
from nnviz.ui.registry import hall
from nnviz.ui.seats import Seat
from nnviz.ui.visitor import visitor

FIRST = ExperimentSpec(epochs=0)  # what the page opens with: it learns until stopped
RACE_VIEW = replace(PLAIN_VIEW, log_loss=True)  # late differences are what a race is about
FIRST_RACE = RaceSpec(ExperimentSpec(epochs=20))


class Linkable(Protocol):
    """What can be written into a link."""

    def to_query(self) -> dict[str, str]:
        """Write the parameters of the link."""


AnySeat = TypeVar("AnySeat", bound=Seat)
Plan = TypeVar("Plan", bound=Linkable)


class Address(Generic[AnySeat, Plan]):
    """What a page's link says, and the seat that a tab looks at there."""

    def __init__(
        self,
        kind: str,
        first: Plan,
        read: Callable[[Mapping[str, str]], Plan],
        open_: Callable[[Plan], AnySeat],
        present: Callable[[AnySeat, Snapshot], Plan],
        view: View = PLAIN_VIEW,
    ) -> None:
        self._kind = kind
        self.first = first
        self._read = read
        self._open = open_
        self._present = present
        self._view = view  # what a link leaves out
        self._page = "" if kind == "train" else f"{kind}."
        self._seat, self._written = f"{self._page}seat", f"{self._page}written"

    def seat_in_view(self) -> AnySeat:
        """Return the seat that this tab looks at: the one of a new link, else the one it had, else a fresh one."""
        query = st.query_params.to_dict()
        is_new_link = bool(query) and query != st.session_state.get(self._written)
        seat = self._find(query.get("run") if is_new_link else st.session_state.get(self._seat))
        if seat is None:
            seat = self._from_link(query) if is_new_link else self.take(self._last())
        if is_new_link:
            _read_view(query, self._page)
            st.session_state["part"] = query.get("part")  # of the settings, to be pointed at
        st.session_state[self._seat] = seat.id
        return seat

    def _find(self, seat_id: str | None) -> AnySeat | None:
        seat = hall().find(seat_id)
        return cast(AnySeat, seat) if seat is not None and seat.kind == self._kind else None

    def take(self, plan: Plan, *, is_started: bool = False) -> AnySeat:
        """Open a seat of one's own for a plan and look at it."""
        seat = self._open(plan)
        seat.begin(is_started=is_started)
        st.session_state[self._seat] = seat.id
        return seat

    def copy(self, seat_id: str) -> None:
        """Take a seat of one's own with the settings of another."""
        seat = self._find(seat_id)
        if seat is not None:
            self.take(self._present(seat, seat.snapshot()))
            st.session_state[self._written] = st.query_params.to_dict()  # the old link is dealt with

    def _last(self) -> Plan:
        """Return the settings that this tab last wrote, so that a forgotten run comes back as a fresh one."""
        return self._plan_of(st.session_state.get(self._written, {}))

    def _from_link(self, query: Mapping[str, str]) -> AnySeat:
        try:
            plan = self._plan_of(query)
        except ValueError as error:
            st.session_state["note"] = texts.TRAIN["bad_link"].format(reason=str(error).rstrip("."))
            return self.take(self.first)
        if "run" in query:
            st.session_state["note"] = texts.TRAIN["gone"]
        return self.take(plan)

    def _plan_of(self, query: Mapping[str, str]) -> Plan:
        ours = {"run", "part", *_VIEW}
        return self._read({**self.first.to_query(), **{name: query[name] for name in query if name not in ours}})

    def write(self, seat: AnySeat, snapshot: Snapshot, view: View) -> None:
        """Show the settings on screen in the address bar."""
        query = {**self._present(seat, snapshot).to_query(), **_view_query(view, self._view), "run": seat.id}
        if st.query_params.to_dict() != query:
            st.query_params.from_dict(query)
        st.session_state[self._written] = query

    def write_turns(self, seat: AnySeat, snapshot: Snapshot) -> None:
        """Bring the live knobs in the address bar up to date, without the rest of the page."""
        before = st.session_state.get(self._written)
        kept = {name: text for name, text in (before or {}).items() if name != "journal"}
        turned = {**kept, **self._present(seat, snapshot).to_query()}
        if before not in (None, turned):
            st.query_params.from_dict(turned)
            st.session_state[self._written] = turned


def usual_pace(spec: ExperimentSpec) -> float:
    """Return seconds per update at which the first moments can be watched."""
    return 1 / 300 if DATASETS[spec.dataset.name].classes < 10 else 1 / 100


TRAIN: Address[Seat, ExperimentSpec] = Address(
    "train",
    FIRST,
    ExperimentSpec.from_query,
    lambda spec: hall().open(spec, visitor(), usual_pace(spec)),
    lambda seat, snapshot: seat.present_spec(snapshot),
)
RACE: Address[RaceSeat, RaceSpec] = Address(
    "race",
    FIRST_RACE,
    RaceSpec.from_query,
    lambda race: hall().open_race(race, visitor(), usual_pace(race.base)),
    lambda seat, snapshot: seat.present_race(snapshot),
    RACE_VIEW,
)


_PASSING = ("moment", "place")  # of a view: what one reader does on one page, not part of a link
_VIEW: Mapping[str, type] = {
    **{field.name: type(getattr(PLAIN_VIEW, field.name)) for field in fields(View) if field.name not in _PASSING},
    "target": float,
}


def _view_query(view: View, usual: View) -> dict[str, str]:
    return {name: str(getattr(view, name)) for name in _VIEW if getattr(view, name) != getattr(usual, name)}


def _read_view(query: Mapping[str, str], page: str) -> None:
    """Put a link's view into the session, where the view's widgets find it; nonsense is left out."""
    for name, kind in _VIEW.items():
        if name in query:
            value = _read(query[name], kind)
            if value is not None:
                st.session_state[f"view.{page}{name}" if name == "log_loss" else f"view.{name}"] = value


def _read(text: str, kind: type) -> bool | float | str | None:
    if kind is bool:
        return {"True": True, "False": False}.get(text)
    if kind is str:
        return text
    try:
        return float(text)
    except ValueError:
        return None
