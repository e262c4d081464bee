"""The learning rates of a race: each optimizer's usual one, the same for all, or the best that a search finds."""

from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from nnviz.catalog import OPTIMIZERS
from nnviz.records.rate_grid import RateGrid
from nnviz.records.run import Snapshot
from nnviz.records.status import Status
from nnviz.runs.lr_search import LEAST, MOST, grid
from nnviz.sessions.race import RaceSession
from nnviz.sessions.rights import Rights
from nnviz.specs.race import RaceSpec
from nnviz.ui.fragment import fragment, slot
from nnviz.ui.lanes import edit_race
from nnviz.ui.note import draw_again, refuse
from nnviz.ui.registry import registry
from nnviz.ui.reports import bound, bound_row, stops
from nnviz.ui.scales import log_scale
from nnviz.ui.typed import beside, typed_field
from nnviz.words import texts
from nnviz.words.language import message
from nnviz.words.numbers import number
from nnviz.words.rate_test import EDGE

_SAME = 0.01  # what "the same for all" begins with
_EVERY_S = 0.3
_ENDS = log_scale(1e-6, 100.0)
_UPDATES = (10, 20, 30, 50, 100, 200, 300, 500, 1000)
_RATE = next(knob for knob in OPTIMIZERS["sgd"].knobs if knob.typed)
_MODES = ("usual", "same", "best")


def rates(session: RaceSession, snapshot: Snapshot, *, rights: Rights) -> None:
    """Draw the choice of learning rates and what belongs to it."""
    now = mode(session, snapshot)
    with st.container(horizontal=True, key="rates", vertical_alignment="bottom", gap="small"):
        st.segmented_control(
            texts.RATES["mode"][0], format_func=lambda name: texts.RATE_MODES[name], help=texts.RATES["mode"][1],
            disabled=not rights.may_steer, **bound_row(_MODES, "rates.mode", now, _choose, session.id),
        )  # fmt: skip
        if now == "same":
            _same(session, snapshot, rights)
        _search_settings(session, rights)
        _seeds(session, rights)
    with slot():
        if snapshot.search is not None and session.is_searching(snapshot):
            fragment(_progress, every_s=_EVERY_S)(session.id, rights)
        elif snapshot.search is not None and snapshot.search.status == Status.FAILED:
            st.warning(snapshot.search.message, icon=":material/warning:")
        elif snapshot.search is not None and snapshot.search.status == Status.DONE and now == "best":
            _edges(session, snapshot.search, rights)


def mode(session: RaceSession, snapshot: Snapshot) -> str | None:
    """Tell what the learning rates on screen are; None for a mixture of the reader's own."""
    if session.is_searching(snapshot):
        return "best"
    now = [session.knob("optimizer.lr", snapshot, racer) for racer in range(len(session.race.lanes))]
    usual = [_usual(lane.name) for lane in session.race.lanes]
    if snapshot.search is not None and now == found(snapshot.search, now):
        return "best"
    return "usual" if now == usual else "same" if len(set(now)) == 1 else None


def found(search: RateGrid, otherwise: list[float]) -> list[float]:
    """Return the learning rates that a search has chosen; where none, the one there was."""
    return [
        own if column is None else float(search.rates[column])
        for own, column in zip(otherwise, search.chosen, strict=True)
    ]


def _usual(name: str) -> float:
    return next(float(knob.default) for knob in OPTIMIZERS[name].knobs if knob.name == "lr")


def _choose(session_id: str, chosen: str) -> None:
    session = registry().find(session_id, RaceSession)
    if session is None:
        return
    if chosen == "best":
        session.find_rates()
    else:
        edit_race(session, partial(_all_at, None if chosen == "usual" else _SAME))


def _all_at(rate: float | None, race: RaceSpec) -> RaceSpec:
    """Give every lane the same learning rate or, for None, its usual one."""
    lanes = (lane.with_knobs(lr=_usual(lane.name) if rate is None else rate) for lane in race.lanes)
    return race.with_lanes(lanes)


def _same(session: RaceSession, snapshot: Snapshot, rights: Rights) -> None:
    value = session.knob("optimizer.lr", snapshot)
    options = stops("rates.same", log_scale(1e-5, 10.0), value)
    more: dict[str, Any] = {"help": texts.RATES["same"][1], "disabled": not rights.may_steer}
    label, bind = message(texts.RATES.english["same"][0]), bound("rates.same", value, _set_same, session.id)
    with beside("rates.same"):
        st.select_slider(str(label), options, format_func=number, width=200, **more, **bind)
        typed_field(_RATE, value, "rates.same", _set_same, session.id, label=label, **more)


def _set_same(session_id: str, rate: float) -> None:
    session = registry().find(session_id, RaceSession)
    if session is not None:
        edit_race(session, partial(_all_at, float(rate)))


def _search_settings(session: RaceSession, rights: Rights) -> None:
    """Draw the grid and the length of the search, and the button that searches again."""
    with st.popover(texts.RATES["settings"][0], icon=":material/manage_search:", help=texts.RATES["settings"][1]):
        st.caption(texts.SEARCH["how"])
        for name, value in (("low", min(session.rates)), ("high", max(session.rates))):
            st.select_slider(
                texts.RATES[name][0], stops(f"rates.{name}", _ENDS, value), format_func=number,
                help=texts.RATES[name][1], disabled=not rights.may_steer,
                **bound(f"rates.{name}", value, _set_grid, session.id, name),
            )  # fmt: skip
        st.segmented_control(
            texts.RATES["density"][0], required=True, help=texts.RATES["density"][1], disabled=not rights.may_steer,
            **bound_row((1, 2, 3), "rates.density", session.per_decade, _set_grid, session.id, "density"),
        )  # fmt: skip
        st.select_slider(
            texts.RATES["updates"][0], _UPDATES, help=texts.RATES["updates"][1], disabled=not rights.may_steer,
            **bound("rates.updates", session.updates, _set_updates, session.id),
        )  # fmt: skip
        tried = ", ".join(map(number, session.rates))
        st.caption(texts.SEARCH["tries"].format(rates=tried, count=len(session.rates) * len(session.race.lanes)))
        st.button(
            texts.RATES["again"][0], key="rates.again", type="primary", help=texts.RATES["again"][1],
            disabled=not rights.may_steer, on_click=session.find_rates,
        )  # fmt: skip


def _set_grid(session_id: str, name: str, value: float) -> None:
    """Change one end of the grid, or how dense it is."""
    session = registry().find(session_id, RaceSession)
    if session is None:
        return
    shape = {"low": min(session.rates), "high": max(session.rates), "density": session.per_decade, name: value}
    try:
        session.rates = grid(float(shape["low"]), float(shape["high"]), int(shape["density"]))
        session.per_decade = int(shape["density"])
    except ValueError as error:
        refuse(texts.TRAIN.english["refused"], error)


def _set_updates(session_id: str, updates: int) -> None:
    session = registry().find(session_id, RaceSession)
    if session is not None:
        session.updates = int(updates)


def _edges(session: RaceSession, search: RateGrid, rights: Rights) -> None:
    """Say whose best rate is at an end of the grid, with a button that searches on there."""
    for name, column, limit in (("low", 0, LEAST), ("high", -1, MOST)):
        racers, rate = search.at_edge(column), float(search.rates[column])
        if not racers or rate == limit or len(search.rates) < 2:
            continue
        beyond = min(max(rate * (10.0 if column else 0.1), LEAST), MOST)
        with st.container(horizontal=True, key=f"rates.edge.{name}", vertical_alignment="center", gap="small"):
            lanes = ", ".join(search.labels[racer] for racer in racers)
            st.caption(EDGE[name].format(lanes=lanes, rate=number(rate)), width="content")
            st.button(
                EDGE["on"].format(rate=number(float(f"{beyond:.1g}"))), key=f"rates.on.{name}",
                disabled=not rights.may_steer, on_click=_search_on, args=(session.id, column),
            )  # fmt: skip


def _search_on(session_id: str, column: int) -> None:
    session = registry().find(session_id, RaceSession)
    if session is None:
        return
    try:
        session.search_on(column)
    except ValueError as error:
        refuse(texts.TRAIN.english["refused"], error)


def _seeds(session: RaceSession, rights: Rights) -> None:
    st.slider(
        texts.RATES["seeds"][0], 1, 10, help=texts.RATES["seeds"][1], width=150, disabled=not rights.may_steer,
        **bound("race.seeds", session.race.seeds, _set_seeds, session.id),
    )  # fmt: skip


def _set_seeds(session_id: str, seeds: int) -> None:
    session = registry().find(session_id, RaceSession)
    if session is not None:
        edit_race(session, partial(_with_seeds, int(seeds)))


def _with_seeds(seeds: int, race: RaceSpec) -> RaceSpec:
    return replace(race, seeds=seeds)


def _progress(session_id: str, rights: Rights) -> None:
    """Draw how far the search is; the board shows what it has found."""
    session = registry().find(session_id, RaceSession)
    if session is None:
        st.rerun()
    search = session.snapshot().search
    if search is None or search.status.is_over:
        draw_again()
    percent = int(100 * search.progress)
    with st.container(horizontal=True, key="search", vertical_alignment="center"):
        st.progress(percent / 100, texts.SEARCH["progress"].format(percent=percent))
        st.button(
            texts.SEARCH["cancel"], key="rates.cancel", disabled=not rights.may_steer, on_click=session.cancel_search
        )
