"""The learning rates of a race: each optimizer's usual one, the same for all, or the best that a search finds."""

from dataclasses import replace
from functools import partial

import streamlit as st

from nnviz.catalog import OPTIMIZERS
from nnviz.race import RaceSpec
from nnviz.records import Search, Snapshot, Status
from nnviz.search import grid
from nnviz.ui import texts
from nnviz.ui.lanes import edit_race
from nnviz.ui.race_seats import RaceSeat
from nnviz.ui.registry import hall
from nnviz.ui.widgets import is_echo, log_scale, mirror, number

_SAME = 0.01  # what "the same for all" begins with
_EVERY_S = 0.3
_ENDS = log_scale(1e-6, 100.0)
_UPDATES = (10, 20, 30, 50, 100, 200, 300, 500, 1000)
_MODES = ("usual", "same", "best")


def rates(seat: RaceSeat, snapshot: Snapshot, *, is_locked: bool) -> None:
    """Draw the choice of learning rates and what belongs to it."""
    now = mode(seat, snapshot)
    with st.container(horizontal=True, key="rates", vertical_alignment="bottom", gap="small"):
        mirror("rates.mode", now)
        st.segmented_control(
            texts.RATES["mode"][0], _MODES, format_func=lambda name: texts.RATE_MODES[name], key="rates.mode",
            help=texts.RATES["mode"][1], disabled=is_locked, on_change=_choose, args=(seat.id,),
        )  # fmt: skip
        if now == "same":
            _same(seat, snapshot, is_locked)
        _search_settings(seat, is_locked)
        _seeds(seat, is_locked)
    if snapshot.search is not None and seat.is_searching(snapshot):
        st.fragment(_progress, run_every=_EVERY_S)(seat.id, is_locked)
    elif snapshot.search is not None and snapshot.search.status == Status.FAILED:
        st.warning(snapshot.search.message, icon=":material/warning:")


def mode(seat: RaceSeat, snapshot: Snapshot) -> str | None:
    """Tell what the learning rates on screen are; None for a mixture of the reader's own."""
    if seat.is_searching(snapshot):
        return "best"
    now = [seat.knob("optimizer.lr", snapshot, racer) for racer in range(len(seat.race.lanes))]
    usual = [_usual(lane.name) for lane in seat.race.lanes]
    if snapshot.search is not None and now == found(snapshot.search, now):
        return "best"
    return "usual" if now == usual else "same" if len(set(now)) == 1 else None


def found(search: Search, otherwise: list[float]) -> list[float]:
    """Return the learning rates that a search has chosen; where none, the one there was."""
    return [
        own if column is None else float(search.rates[column])
        for own, column in zip(otherwise, search.chosen, strict=True)
    ]


def _usual(name: str) -> float:
    return next(float(knob.default) for knob in OPTIMIZERS[name].knobs if knob.name == "lr")


def _choose(seat_id: str) -> None:
    seat, chosen = hall().find_race(seat_id), st.session_state["rates.mode"]
    if seat is None or chosen is None:
        return
    if chosen == "best":
        seat.find_rates()
    else:
        edit_race(seat, partial(_all_at, None if chosen == "usual" else _SAME))


def _all_at(rate: float | None, race: RaceSpec) -> RaceSpec:
    """Give every lane the same learning rate or, for None, its usual one."""
    lanes = (lane.with_knobs(lr=_usual(lane.name) if rate is None else rate) for lane in race.lanes)
    return replace(race, lanes=tuple(lanes), journal=())


def _same(seat: RaceSeat, snapshot: Snapshot, is_locked: bool) -> None:
    value = seat.knob("optimizer.lr", snapshot)
    mirror("rates.same", value)
    st.select_slider(
        texts.RATES["same"][0], log_scale(1e-5, 10.0, value), format_func=number, key="rates.same", width=200,
        help=texts.RATES["same"][1], disabled=is_locked, on_change=_set_same, args=(seat.id,),
    )  # fmt: skip


def _set_same(seat_id: str) -> None:
    seat = hall().find_race(seat_id)
    if seat is not None and not is_echo("rates.same"):
        edit_race(seat, partial(_all_at, float(st.session_state["rates.same"])))


def _search_settings(seat: RaceSeat, is_locked: bool) -> None:
    """Draw the grid and the length of the search, and the button that searches again."""
    with st.popover(texts.RATES["settings"][0], icon=":material/manage_search:", help=texts.RATES["settings"][1]):
        st.caption(texts.SEARCH["how"])
        for name, value in (("low", min(seat.rates)), ("high", max(seat.rates))):
            mirror(f"rates.{name}", value)
            st.select_slider(
                texts.RATES[name][0], sorted({*_ENDS, value}), format_func=number, key=f"rates.{name}",
                help=texts.RATES[name][1], disabled=is_locked, on_change=_set_grid, args=(seat.id,),
            )  # fmt: skip
        mirror("rates.density", seat.per_decade)
        st.segmented_control(
            texts.RATES["density"][0], (1, 2, 3), key="rates.density", required=True, help=texts.RATES["density"][1],
            disabled=is_locked, on_change=_set_grid, args=(seat.id,),
        )  # fmt: skip
        mirror("rates.updates", seat.updates)
        st.select_slider(
            texts.RATES["updates"][0], _UPDATES, key="rates.updates", help=texts.RATES["updates"][1],
            disabled=is_locked, on_change=_set_updates, args=(seat.id,),
        )  # fmt: skip
        tried = ", ".join(map(number, seat.rates))
        st.caption(texts.SEARCH["tries"].format(rates=tried, count=len(seat.rates) * len(seat.race.lanes)))
        st.button(
            texts.RATES["again"][0], key="rates.again", type="primary", help=texts.RATES["again"][1],
            disabled=is_locked, on_click=seat.find_rates,
        )  # fmt: skip


def _set_grid(seat_id: str) -> None:
    seat = hall().find_race(seat_id)
    if seat is None:
        return
    low, high, density = (st.session_state[f"rates.{name}"] for name in ("low", "high", "density"))
    try:
        seat.rates, seat.per_decade = grid(float(low), float(high), int(density)), int(density)
    except ValueError as error:
        st.session_state["note"] = texts.TRAIN["refused"].format(reason=str(error).rstrip("."))


def _set_updates(seat_id: str) -> None:
    seat = hall().find_race(seat_id)
    if seat is not None:
        seat.updates = int(st.session_state["rates.updates"])


def _seeds(seat: RaceSeat, is_locked: bool) -> None:
    mirror("race.seeds", seat.race.seeds)
    st.slider(
        texts.RATES["seeds"][0], 1, 10, key="race.seeds", help=texts.RATES["seeds"][1], width=150,
        disabled=is_locked, on_change=_set_seeds, args=(seat.id,),
    )  # fmt: skip


def _set_seeds(seat_id: str) -> None:
    seat = hall().find_race(seat_id)
    if seat is not None and not is_echo("race.seeds"):
        edit_race(seat, partial(_with_seeds, int(st.session_state["race.seeds"])))


def _with_seeds(seeds: int, race: RaceSpec) -> RaceSpec:
    return replace(race, seeds=seeds)


def _progress(seat_id: str, is_locked: bool) -> None:
    """Draw how far the search is; the board shows what it has found."""
    seat = hall().find_race(seat_id)
    if seat is None:
        st.rerun()
    search = seat.snapshot().search
    if search is None or search.status.is_over:
        st.rerun()
    percent = int(100 * search.progress)
    with st.container(horizontal=True, key="search", vertical_alignment="center"):
        st.progress(percent / 100, texts.SEARCH["progress"].format(percent=percent))
        st.button(texts.SEARCH["cancel"], key="rates.cancel", disabled=is_locked, on_click=seat.cancel_search)
