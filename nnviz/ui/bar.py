"""The bar on top: play, step, start again, and how fast."""

from collections.abc import Callable, Collection
from functools import partial
from typing import Any

import streamlit as st

from nnviz.charts.chart import View
from nnviz.records.run import Snapshot
from nnviz.records.tier import Tier
from nnviz.runs.source import Command
from nnviz.sessions.rights import Rights
from nnviz.sessions.session import Session
from nnviz.ui.copy_link import copy_link
from nnviz.ui.export import export_button
from nnviz.ui.link import Address
from nnviz.ui.registry import registry
from nnviz.ui.reports import bound, bound_row
from nnviz.ui.setup_check import setup_check
from nnviz.ui.view import view_controls
from nnviz.words import texts
from nnviz.words.language import say

SPEEDS = (1, 3, 10, 30, 100, 300, 1000, 0)  # updates per second; 0: full speed
# Where the board writes the number that the run is about; it shows when the bar has come loose from its place.
_MAIN_NUMBER = '<div class="nnviz-main" aria-hidden="true"><span></span><span></span></div>'
_ICONS = {"play": "play_arrow", "pause": "pause", "again": "replay"}  # of the primary button


def bar(
    session: Session, snapshot: Snapshot, *, rights: Rights, is_open: bool = True,
    address: Address[Any, Any] | None = None,
) -> View:  # fmt: skip
    """Draw the buttons, the speed and the view; what a click does shows in the rerun that it starts.

    is_open: whether the code may be taken away, which says what the run is.  address: of a page whose link is offered.
    """
    with st.container(horizontal=True, key="bar", vertical_alignment="bottom", gap="small"):
        buttons(session, snapshot, rights=rights)
        view = view_controls(snapshot, partial(_pin, session, rights), partial(_tier, session, rights))
        if is_open:
            export_button(session)
            if address is not None:
                copy_link(session, snapshot, address, view)
            setup_check(session, rights=rights)
        return view


def buttons(session: Session, snapshot: Snapshot, *, rights: Rights, leaves_out: Collection[str] = ()) -> None:
    """Draw the buttons and the speed in a row that is there already."""
    is_going = session.is_going(snapshot)
    is_off = not rights.may_steer
    is_idle = is_off or session.is_waiting_for_data
    name = "pause" if is_going else "again" if snapshot.status.is_over else "play"
    can, is_done = session.run.can, is_idle or snapshot.status.is_over
    if Command.PLAY in can:
        _button(name, "P", (lambda s: s.pause()) if is_going else (lambda s: s.play()), session, is_idle)
    if Command.STEP in can:
        _button("step", "S", lambda s: s.step(), session, is_done)
        if "epoch" not in leaves_out:
            _button("epoch", "E", lambda s: s.epoch(), session, is_done)
    if Command.RESTART in can:
        _button("reset", "B", lambda s: s.restart_with(lambda spec: spec, is_started=False), session, is_off)
        _button("seed", "N", _new_seed, session, is_off)
    if Command.PACE in can:
        _speed(session, rights)
    st.html(_MAIN_NUMBER, width="content")


def _button(name: str, shortcut: str, act: Callable[[Session], object], session: Session, is_off: bool) -> None:
    label, help_text = texts.BAR[name]
    is_primary = name in _ICONS
    icon = f":material/{_ICONS[name]}:" if is_primary else None
    st.button(
        label, key="bar.play" if is_primary else f"bar.{name}", help=help_text, icon=icon, shortcut=shortcut,
        type="primary" if is_primary else "secondary", disabled=is_off,
        on_click=_act, args=(session.id, act), width=130 if is_primary else "content",
    )  # fmt: skip


def _act(session_id: str, act: Callable[[Session], object]) -> None:
    session = registry().find(session_id)
    if session is not None:
        act(session)


def _new_seed(session: Session) -> None:
    session.restart_with(lambda spec: spec.with_(seed=(spec.seed + 1) % 2**31))


def _speed(session: Session, rights: Rights) -> None:
    pace = session.run.pace
    shown = min(SPEEDS[:-1], key=lambda speed: abs(1 / speed - pace)) if pace else 0
    st.select_slider(
        texts.BAR["speed"][0], SPEEDS, format_func=lambda speed: f"{speed:,}/s" if speed else say(texts.FULL_SPEED),
        help=texts.BAR["speed"][1], width=165, disabled=not rights.may_steer,
        **bound("bar.speed", shown, _set_speed, session.id),
    )  # fmt: skip


def _pin(session: Session, rights: Rights) -> None:
    label, help_text = texts.VIEW["pin"]
    is_off = not rights.may_steer or not session.ghosts
    st.toggle(label, help=help_text, disabled=is_off, **bound("view.pin", session.is_pinned, _set_pin, session.id))


def _tier(session: Session, rights: Rights) -> None:
    label, help_text = texts.VIEW["tier"]
    is_off = not rights.may_steer or Command.MEASURE not in session.run.can
    st.segmented_control(
        label, format_func=lambda name: texts.TIERS[name], help=help_text, required=True, disabled=is_off,
        **bound_row(map(str, Tier), "view.tier", str(session.tier), _set_tier, session.id),
    )  # fmt: skip


def _set_tier(session_id: str, tier: str) -> None:
    session = registry().find(session_id)
    if session is not None:
        session.look_closer(tier)


def _set_pin(session_id: str, is_pinned: bool) -> None:
    session = registry().find(session_id)
    if session is not None:
        session.pin(is_pinned)


def _set_speed(session_id: str, speed: int) -> None:
    session = registry().find(session_id)
    if session is not None:
        session.run.pace = 1 / speed if speed else 0.0
