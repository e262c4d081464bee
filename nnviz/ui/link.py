"""The address bar: settings, a run's id and the view, read once and written after every change."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from functools import partial
from typing import Generic, Protocol, TypeVar, cast
from urllib.parse import urlencode

import streamlit as st

from nnviz.catalog import DATASETS, read_planned, read_race
from nnviz.catalog.openings import FIRST, FIRST_RACE
from nnviz.charts.chart import PLAIN_VIEW, View
from nnviz.records.run import Snapshot
from nnviz.sessions.race import RaceSession
from nnviz.sessions.session import Session
from nnviz.specs.experiment import ExperimentSpec
from nnviz.specs.planned import ON_THE_WAY, Planned
from nnviz.specs.race import RaceSpec
from nnviz.ui import written
from nnviz.ui.board.layout import Pick
from nnviz.ui.board.message import known
from nnviz.ui.note import note, refuse
from nnviz.ui.registry import registry
from nnviz.ui.view import choice_of
from nnviz.ui.visitor import visitor
from nnviz.words import texts

RACE_VIEW = replace(PLAIN_VIEW, log_loss=True)  # late differences are what a race is about
MOST_CHARACTERS = 8000  # of a link: what browsers, servers and messengers carry


class Linkable(Protocol):
    """What can be written into a link."""

    def to_query(self) -> dict[str, str]:
        """Write the parameters of the link."""


AnySession = TypeVar("AnySession", bound=Session)
Plan = TypeVar("Plan", bound=Linkable)


class Address(Generic[AnySession, Plan]):
    """What a page's link says, and the session that a tab looks at there."""

    def __init__(
        self,
        kind: str,
        first: Plan,
        read: Callable[[Mapping[str, str]], Plan],
        open_: Callable[[Plan], AnySession],
        present: Callable[[AnySession, Snapshot], Plan],
        view: View = PLAIN_VIEW,
        name: str = "",
    ) -> None:
        self._kind = kind
        self.first = first
        self._read = read
        self._open = open_
        self._present = present
        self._view = view  # what a link leaves out
        name = name or kind  # of the page, where several show one kind of session
        self._page = "" if name == "train" else f"{name}."
        self._session, self._written = f"{self._page}session", f"{self._page}written"

    def session_in_view(self) -> AnySession:
        """Return the session that this tab looks at: the one of a new link, else the one it had, else a fresh one."""
        query = st.query_params.to_dict()
        is_new_link = written.is_news(self._written)
        session = self._find(query.get("run") if is_new_link else st.session_state.get(self._session))
        if session is None:
            session = self._from_link(query) if is_new_link else self.take(self._last())
        if is_new_link:
            _read_view(query, self._page)
            st.session_state["part"] = query.get("part")  # of the settings, to be pointed at
        st.session_state[self._session] = session.id
        return session

    def _find(self, session_id: str | None) -> AnySession | None:
        session = _reopened(session_id)
        return cast(AnySession, session) if session is not None and session.kind == self._kind else None

    def take(self, plan: Plan, *, is_started: bool = False) -> AnySession:
        """Open a session of one's own for a plan and look at it."""
        session = self._open(plan)
        session.begin(is_started=is_started)
        st.session_state[self._session] = session.id
        return session

    def copy(self, session_id: str) -> None:
        """Take a session of one's own with the settings of another."""
        session = self._find(session_id)
        if session is not None:
            self.take(self._present(session, session.snapshot()))
            written.note(self._written, st.query_params.to_dict())  # the old link is dealt with

    def _last(self) -> Plan:
        """Return the settings that this tab last wrote, so that a forgotten run comes back as a fresh one."""
        return self._plan_of(written.last(self._written) or {})

    def _from_link(self, query: Mapping[str, str]) -> AnySession:
        try:
            plan = self._plan_of(query)
        except ValueError as error:
            refuse(texts.TRAIN.english["bad_link"], error)
            return self.take(self.first)
        if "run" in query:
            note(texts.TRAIN["gone"])
        return self.take(plan)

    def _plan_of(self, query: Mapping[str, str]) -> Plan:
        ours = {"run", "part", _CHARTS, *_VIEW}
        return self._read({name: query[name] for name in query if name not in ours})

    def pick(self, among: tuple[str, ...] = ()) -> Pick:
        """Return which charts of this page the reader wants to see; `among` names all of them, on several boards."""
        kept_as = choice_of(_CHARTS, self._page)
        return Pick(kept_as, tuple(st.session_state.get(kept_as, ())), among)

    def view_query(self, view: View) -> dict[str, str]:
        """Write what is not usual about a view as parameters of this page's links."""
        picked = self.pick().names
        return {**self._seen(view), **({_CHARTS: ",".join(picked)} if picked else {})}

    def _seen(self, view: View) -> dict[str, str]:
        return {name: str(getattr(view, name)) for name in _VIEW if getattr(view, name) != getattr(self._view, name)}

    def write(self, session: AnySession, snapshot: Snapshot, view: View) -> None:
        """Show the settings on screen in the address bar."""
        written.write(self._written, {**self.link(session, snapshot), **self.view_query(view), "run": session.id})

    def link(self, session: AnySession, snapshot: Snapshot) -> dict[str, str]:
        """Write a run as it went; the settings on screen where they are other ones, or that is too long for a link."""
        query: dict[str, str] = session.replay(snapshot).to_query()
        is_told = not session.is_ahead(snapshot) and length(query) <= MOST_CHARACTERS
        return query if is_told else self._present(session, snapshot).to_query()

    def write_turns(self, session: AnySession, snapshot: Snapshot) -> None:
        """Bring the live knobs in the address bar up to date, without the rest of the page."""
        before = written.last(self._written)
        if before is not None and before.get("run") == session.id:
            kept = {name: text for name, text in before.items() if name not in ON_THE_WAY}
            written.write(self._written, {**kept, **self.link(session, snapshot)})


def length(query: Mapping[str, str]) -> int:
    """Count the characters of a link's parameters."""
    return len(spelled(query))


def address_of(query: Mapping[str, str]) -> str:
    """Write a whole link to the page on screen."""
    return f"{str(st.context.url or '').partition('?')[0]}?{spelled(query)}"


def spelled(query: Mapping[str, str]) -> str:
    """Write a link's parameters as they stand behind the question mark."""
    return urlencode(query, safe=":;,@*")


def _reopened(session_id: str | None) -> Session | None:
    """Find a session, also one of which only a saved run is left; one that is torn leaves a sentence."""
    try:
        return registry().reopen(session_id, note)
    except ValueError as error:
        note(str(error))
        return None


def usual_pace(spec: ExperimentSpec) -> float:
    """Return seconds per update at which the first moments can be watched."""
    return 1 / 300 if DATASETS[spec.dataset.name].classes < 10 else 1 / 100


TRAIN: Address[Session, Planned] = Address(
    "train",
    Planned(FIRST),
    partial(read_planned, first=FIRST),
    lambda plan: registry().open(Session, plan, visitor(), usual_pace(plan.spec)),
    lambda session, snapshot: session.present_plan(snapshot),
)
RACE: Address[RaceSession, RaceSpec] = Address(
    "race",
    FIRST_RACE,
    partial(read_race, first=FIRST_RACE),
    lambda race: registry().open(RaceSession, race, visitor(), usual_pace(race.base)),
    lambda session, snapshot: session.present_race(snapshot),
    RACE_VIEW,
)


_CHARTS = "charts"  # names, in the order in which they are shown
_PASSING = ("moment", "place")  # of a view: what one reader does on one page, not part of a link
_VIEW: Mapping[str, type] = {
    **{field.name: type(getattr(PLAIN_VIEW, field.name)) for field in fields(View) if field.name not in _PASSING},
    "target": float,
}


def _read_view(query: Mapping[str, str], page: str) -> None:
    """Put a link's view into the session, where the view's widgets find it; nonsense is left out."""
    if _CHARTS in query:
        st.session_state[choice_of(_CHARTS, page)] = known(query[_CHARTS].split(","))
    for name, kind in _VIEW.items():
        if name in query:
            value = _read(query[name], kind)
            if value is not None:
                st.session_state[choice_of(name, page if name == "log_loss" else "")] = value


def _read(text: str, kind: type) -> bool | float | str | None:
    if kind is bool:
        return {"True": True, "False": False}.get(text)
    if kind is str:
        return text
    try:
        return float(text)
    except ValueError:
        return None
