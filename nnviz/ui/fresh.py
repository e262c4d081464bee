"""The line about a fresh run: what is new, and the way back to the run before."""

from collections.abc import Sequence

import streamlit as st

from nnviz.records.run import Snapshot
from nnviz.sessions.difference import Difference, told
from nnviz.sessions.rights import Rights
from nnviz.sessions.session import Session
from nnviz.ui.fragment import slot
from nnviz.ui.registry import registry
from nnviz.words import texts
from nnviz.words.fresh import FRESH, FRESH_BUTTONS


def fresh_line(session: Session, *, rights: Rights) -> None:
    """Draw the line while there is a run to go back to; who only watches reads it without the buttons."""
    found = session.changed
    with slot():
        if found is not None:
            _line(session, found, rights)


def _line(session: Session, found: Sequence[Difference], rights: Rights) -> None:
    sentences = [FRESH["changed"].format(changes=told(found)) if found else FRESH["same"]]
    if session.ghosts:
        sentences.append(FRESH["pinned" if session.is_pinned else "ghosts"])
    with st.container(horizontal=True, key="fresh", vertical_alignment="center", gap="small"):
        st.caption(" ".join(sentences), width="content")
        if rights.may_steer:
            with st.container(horizontal=True, key="fresh_buttons", width="content", gap="small"):
                _button("undo", "undo", session)
                _button("read", "check", session)


def next_start(session: Session, snapshot: Snapshot) -> None:
    """Say of a run that is over what its turned knobs are for; drawn where they are turned."""
    turned = session.turned(snapshot) if snapshot.status.is_over else []
    if turned:
        st.caption(texts.LIVE["next"].format(changes=told(turned)))


def _button(name: str, icon: str, session: Session) -> None:
    label, help_text = FRESH_BUTTONS[name]
    st.button(
        label, key=f"fresh.{name}", help=help_text, icon=f":material/{icon}:", type="tertiary",
        on_click=_act, args=(name, session.id, session.generation),
    )  # fmt: skip


def _act(name: str, session_id: str, generation: int) -> None:
    """Go back, or let the run before go, unless the run on the page has changed since the button was drawn."""
    session = registry().find(session_id)
    if session is None or generation != session.generation:
        return
    if name == "undo":
        session.undo(generation)
    else:
        session.formers.clear()
