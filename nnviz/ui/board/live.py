"""The board of a page that goes on by itself: the server pushes what is new to it, and the page hardly ever runs.

The page's own part is drawn again when the server says that something around the board has changed, and now and then
where a browser has no line to the server.
"""

from collections.abc import Callable

import streamlit as st

from nnviz.records.run import Snapshot
from nnviz.sessions.session import Session
from nnviz.ui.board.board import board
from nnviz.ui.board.face import Face, face, mark
from nnviz.ui.board.layout import Layout
from nnviz.ui.fragment import fragment
from nnviz.ui.note import draw_again
from nnviz.ui.registry import registry
from nnviz.ui.tries import calls

EVERY_S = 1.0  # where nothing can be pushed


def live(session: Session, snapshot: Snapshot, layout: Layout, key: str = "board") -> None:
    """Draw the board now, and whatever comes after."""
    st.session_state["turns"] = session.turns
    timed(_refresh, session.id, layout.scope)(session.id, layout, key, face(session, snapshot))


def timed(section: Callable[..., None], session_id: str, *scopes: str) -> Callable[..., None]:
    """Make a fragment that is asked for when what is pushed to its boards asks for it."""
    return fragment(section, every_s=EVERY_S, boards=[session_id + scope for scope in scopes])


def _refresh(session_id: str, layout: Layout, key: str, drawn: Face) -> None:
    session = registry().find(session_id)
    if session is None:
        st.rerun()
    snapshot = session.snapshot()
    board(session, snapshot, layout, key, calls=calls(), told=mark(drawn, st.session_state["turns"]))
    look_around(session, snapshot, drawn)


def look_around(session: Session, snapshot: Snapshot, drawn: Face) -> None:
    """Draw the whole page afresh where it shows another face, or values that somebody else has turned."""
    if st.session_state.pop("view.moved", False):
        st.rerun()  # something was dragged on a chart
    if face(session, snapshot) != drawn or session.turns != st.session_state["turns"]:
        draw_again()
