"""The bar on top: play, step, start again, and how fast."""

from collections.abc import Callable
from time import monotonic

import streamlit as st

from nnviz.charts.chart import View
from nnviz.records import Snapshot
from nnviz.ui import texts
from nnviz.ui.registry import hall
from nnviz.ui.seats import Seat
from nnviz.ui.view import view_controls
from nnviz.ui.widgets import is_echo, mirror

SPEEDS = (1, 3, 10, 30, 100, 300, 1000, 0)  # updates per second; 0: full speed
_PRIMARY = ("play", "pause")
_REPEATED_WITHIN_S = 0.1  # no hand presses the same button again that fast
_TURNED_WITHIN_S = 0.02  # nor sees Pause become Play and presses that


def bar(seat: Seat, snapshot: Snapshot, *, is_locked: bool) -> View:
    """Draw the buttons, the speed and the view; what a click does shows in the rerun that it starts."""
    is_going = seat.is_going(snapshot)
    with st.container(horizontal=True, key="bar", vertical_alignment="bottom", gap="small"):
        _button(
            "pause" if is_going else "play",
            "P",
            (lambda s: s.pause()) if is_going else (lambda s: s.play()),
            seat,
            is_locked,
            icon=":material/pause:" if is_going else ":material/play_arrow:",
        )
        _button("step", "S", lambda s: s.step(), seat, is_locked or snapshot.status.is_over)
        _button("epoch", "E", lambda s: s.epoch(), seat, is_locked or snapshot.status.is_over)
        _button("reset", "B", lambda s: s.restart_with(lambda spec: spec, is_started=False), seat, is_locked)
        _button("seed", "N", _new_seed, seat, is_locked)
        _speed(seat, is_locked)
        return view_controls(snapshot)


def _button(
    name: str, shortcut: str, act: Callable[[Seat], object], seat: Seat, is_locked: bool, icon: str | None = None
) -> None:
    label, help_text = texts.BAR[name]
    is_primary = name in _PRIMARY
    st.button(
        label, key="bar.play" if is_primary else f"bar.{name}", help=help_text, icon=icon, shortcut=shortcut,
        type="primary" if is_primary else "secondary", disabled=is_locked,
        on_click=_act, args=(seat.id, act, _drawing(), is_primary), width=130 if is_primary else "content",
    )  # fmt: skip


def _drawing() -> int:
    """Count the buttons drawn for this session, so that a click can be told from its repetition."""
    st.session_state["drawings"] = st.session_state.get("drawings", 0) + 1
    return int(st.session_state["drawings"])


def _act(seat_id: str, act: Callable[[Seat], object], drawing: int, is_primary: bool = False) -> None:
    """Do what a button says, once: a rerun that comes between click and script makes Streamlit report it again.

    The repetition of a Pause may come when the button says Play already, and the other way round.
    """
    last, at = st.session_state.get("acted", (0, 0.0))
    st.session_state["acted"] = (drawing, monotonic())
    since = monotonic() - at
    is_repetition = (last == drawing and since < _REPEATED_WITHIN_S) or (is_primary and since < _TURNED_WITHIN_S)
    seat = hall().find(seat_id)
    if seat is not None and not is_repetition:
        act(seat)


def _new_seed(seat: Seat) -> None:
    seat.restart_with(lambda spec: spec.with_(seed=(spec.seed + 1) % 2**31))


def _speed(seat: Seat, is_locked: bool) -> None:
    pace = seat.run.pace
    mirror("bar.speed", min(SPEEDS[:-1], key=lambda speed: abs(1 / speed - pace)) if pace else 0)
    st.select_slider(
        texts.BAR["speed"][0], SPEEDS, format_func=lambda speed: f"{speed:,}/s" if speed else texts.FULL_SPEED,
        key="bar.speed", help=texts.BAR["speed"][1], width=230, disabled=is_locked,
        on_change=_set_speed, args=(seat.id,),
    )  # fmt: skip


def _set_speed(seat_id: str) -> None:
    seat, speed = hall().find(seat_id), st.session_state["bar.speed"]
    if seat is not None and not is_echo("bar.speed"):
        seat.run.pace = 1 / speed if speed else 0.0
