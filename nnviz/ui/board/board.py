"""The live board: numbers and charts of a snapshot, drawn in place."""

from collections.abc import Sequence
from functools import partial
from zlib import crc32

import streamlit as st

from nnviz.records.run import Snapshot
from nnviz.sessions.session import Session
from nnviz.ui.board.component import Report, show
from nnviz.ui.board.layout import Layout
from nnviz.ui.board.message import message
from nnviz.ui.board.payload import encode
from nnviz.ui.board.protocol import Dial, with_more
from nnviz.ui.view import choice_of
from nnviz.words.language import language


def board(session: Session, snapshot: Snapshot, layout: Layout, key: str = "board") -> None:
    """Draw a snapshot; the bytes are made once for all who look at the same version in the same way."""
    searched = snapshot.search.progress if snapshot.search else 0
    stamp = f"{session.generation}.{snapshot.version}.{searched}.{hash(layout)}"
    data = session.drawings.drawing((layout, language()), stamp, lambda: message(session, stamp, snapshot, layout))
    show(key, data, on_target=partial(take_target, key))


def asking_board(
    session: Session, snapshot: Snapshot, layout: Layout, key: str, dials: Sequence[Dial], on_dial: Report,
    on_place: Report | None, calls: int = 0,
) -> None:  # fmt: skip
    """Draw a snapshot as `board` does, with dials of this reader's own, and report where a chart was clicked.

    calls: how often this reader has been called to look at the board; it comes into view with each.
    """
    stamp = f"{session.generation}.{snapshot.version}.{hash(layout)}"
    data = session.drawings.drawing((layout, language()), stamp, lambda: message(session, stamp, snapshot, layout))
    own = {"dials": list(dials), "calls": calls}
    mine = {**own, "reports": True, "stamp": f"{stamp}.{crc32(encode(own))}"}
    show(key, with_more(data, **mine), on_dial=on_dial, on_place=on_place)


def take_target(key: str) -> None:
    """Move the target to where this reader has dragged its line."""
    dragged = st.session_state[key]["target"]
    if dragged is not None:
        st.session_state[choice_of("target")] = float(f"{dragged['y']:.3g}")
        st.session_state["view.moved"] = True
