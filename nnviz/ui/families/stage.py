"""The boards of a model's page: what its family shows, with dials of the reader's own, above the usual charts."""

from dataclasses import replace

import streamlit as st

from nnviz.charts import kept_steps
from nnviz.charts.chart import View
from nnviz.records.run import Snapshot
from nnviz.records.shapes import Question
from nnviz.sessions.model import ModelSession
from nnviz.training.instruments.taking import asks_of
from nnviz.ui.board.board import asking_board, board
from nnviz.ui.board.layout import Layout
from nnviz.ui.board.live import EVERY_S, face
from nnviz.ui.board.protocol import Dial
from nnviz.ui.families.family_page import FamilyPage
from nnviz.ui.fragment import fragment
from nnviz.ui.note import draw_again
from nnviz.ui.registry import registry
from nnviz.ui.visitor import visitor
from nnviz.words.models import page as words

_OWN, _MORE = "family.own", "family.board"
_PICTURES = 60  # test pictures to choose from


def stage(session: ModelSession, snapshot: Snapshot, page: FamilyPage, view: View, note: str) -> None:
    """Draw the boards now, and again and again while the run goes on."""
    st.session_state["turns"] = session.turns
    every_s = EVERY_S if session.is_changing(snapshot) else None
    fragment(_refresh, every_s=every_s)(session.id, page, view, note, face(session, snapshot))


def _refresh(session_id: str, page: FamilyPage, view: View, note: str, drawn: tuple[object, ...]) -> None:
    session = registry().find(session_id, ModelSession)
    if session is None:
        st.rerun()
    snapshot = session.snapshot()
    _own(session, snapshot, page, view, note)
    board(session, snapshot, Layout(page.more, view, with_numbers=False), _MORE)
    if face(session, snapshot) != drawn or session.turns != st.session_state["turns"]:
        draw_again()


def _own(session: ModelSession, snapshot: Snapshot, page: FamilyPage, view: View, note: str) -> None:
    """Draw the family's own view, as it is now or as it was at the moment that the reader has turned to."""
    steps, asks, asked = kept_steps(snapshot), asks_of(session.spec), question(session)
    dials = [_moment(session, steps)] if len(steps) > 1 else []
    dials += [_picture(snapshot, asked)] if "picture" in asks and snapshot.scene else []
    at = _moment_of(session, steps)
    layout = Layout(
        page.own,
        replace(view, moment=at, place=asked.place if "place" in asks else None),
        note=note,
        is_watched=not session.rights_of(visitor()).may_steer,
        question=asked,
        scope="own",
    )
    shown = session.answered(snapshot, asked)
    on_place = (lambda: _take_place(session)) if "place" in asks else None
    asking_board(session, shown, layout, _OWN, dials, lambda: _take_dial(session), on_place, calls())


def calls() -> int:
    """Count how often something to try was set up: each time the reader is called to the charts."""
    return int(st.session_state.get("family.calls", 0))


def call() -> None:
    """Call the reader to the charts."""
    st.session_state["family.calls"] = calls() + 1


def _key(session: ModelSession, name: str) -> str:
    return f"family.{session.kind}.{name}"


def question(session: ModelSession) -> Question:
    """Return what the reader wants to see."""
    return Question(
        int(st.session_state.get(_key(session, "picture"), 0)), st.session_state.get(_key(session, "place"), (0.0, 0.0))
    )


def _moment_of(session: ModelSession, steps: list[int]) -> float | None:
    """Return the update that the reader has turned back to; none for the newest, or where the run began anew."""
    at = st.session_state.get(_key(session, "moment"))
    return None if at is None or not steps or at >= steps[-1] else float(at)


def _moment(session: ModelSession, steps: list[int]) -> Dial:
    """Describe the dial that goes back in time over the records that are kept."""
    at = _moment_of(session, steps)
    place = len(steps) - 1 if at is None else max(0, sum(step <= at for step in steps) - 1)
    names = [f"{step:,}" for step in steps[:-1]] + [words.FAMILY["now"]]
    return _dial("moment", len(steps) - 1, place, names, len(steps) - 1)


def _picture(snapshot: Snapshot, asked: Question) -> Dial:
    count = min(_PICTURES, snapshot.scene.test_count if snapshot.scene else 1)
    return _dial("picture", count - 1, min(asked.picture, count - 1), [str(at + 1) for at in range(count)], 0)


def _dial(name: str, high: int, value: int, names: list[str], usual: int) -> Dial:
    label, help_text = words.DIALS[name]
    return {
        "id": name, "label": label, "help": help_text, "low": 0, "high": high, "step": 1, "log": False,
        "value": value, "off": False, "words": names, "usual": usual,
    }  # fmt: skip


def _take_dial(session: ModelSession) -> None:
    """Remember what was turned: a moment by its update, so that it stays where it is while the run goes on."""
    turned = st.session_state[_OWN]["dial"]
    value = round(turned["value"])
    if turned["id"] == "moment":
        steps = kept_steps(session.run.peek())
        is_newest = value >= len(steps) - 1
        st.session_state[_key(session, "moment")] = None if is_newest else steps[max(0, value)]
    elif turned["id"] == "picture":
        st.session_state[_key(session, "picture")] = value


def _take_place(session: ModelSession) -> None:
    found = st.session_state[_OWN]["place"]
    st.session_state[_key(session, "place")] = (float(f"{found['x']:.4g}"), float(f"{found['y']:.4g}"))
