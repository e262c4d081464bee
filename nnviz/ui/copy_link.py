"""A button that copies the link of a run and says what that link holds, told anew at each press."""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from nnviz.charts.chart import View
from nnviz.records.run import Snapshot
from nnviz.sessions.planned_branches import is_untold
from nnviz.sessions.session import Session
from nnviz.ui.board.serving import script_import
from nnviz.ui.link import MOST_CHARACTERS, Address, address_of
from nnviz.words.link import HOLDS, LINK

_KEY = "copy.link"
_component = st.components.v2.component("nnviz_copy", html="", js=script_import("copy.js"), isolate_styles=False)


@dataclass(frozen=True, slots=True)
class Held:
    """A link, "" where there can be none, and what it holds."""

    link: str
    said: str


def copy_link(session: Session, snapshot: Snapshot, address: Address[Any, Any], view: View) -> None:
    """Draw the button; what it copies is written when it is pressed."""
    asked = int((st.session_state.get(_KEY) or {}).get("asked") or 0)
    held = held_by(session, snapshot, address, view) if asked else None
    told = {"asked": asked, "link": held.link, "said": held.said} if held else {"asked": 0}
    _component(key=_KEY, data={"words": dict(LINK), **told}, on_asked_change=_nothing, width="content")


def _nothing() -> None:
    """Asking is enough: the page is drawn, and the link with it."""


def held_by(session: Session, snapshot: Snapshot, address: Address[Any, Any], view: View) -> Held:
    """Write the whole link of a run as it went so far, or as much of it as a link can hold, and say what that is."""
    replay, seen = session.replay(snapshot), address.view_query(view)
    seed, count = replay.spec.seed, len(replay.journal) + sum(len(each.changes) for each in replay.branches)
    link = address_of({**replay.to_query(), **seen})
    if len(link) <= MOST_CHARACTERS:
        return Held(link, _said(snapshot, replay, seed, count))
    link = address_of({**session.present_plan(snapshot).to_query(), **seen})
    if len(link) <= MOST_CHARACTERS:
        return Held(link, HOLDS["long"].format(count=count, most=MOST_CHARACTERS, seed=seed))
    return Held("", HOLDS["none"].format(most=MOST_CHARACTERS))


def _said(snapshot: Snapshot, replay: Any, seed: int, count: int) -> str:
    name = "changes" if count > 1 else "change" if count else "settings"
    said = [HOLDS[name].format(seed=seed, count=count)]
    if branches := len(replay.branches):
        said.append(HOLDS["branches" if branches > 1 else "branch"].format(count=branches))
    said.append(HOLDS["untold"] if is_untold(snapshot.lanes) else HOLDS["again"])
    return " ".join(said)
