"""The boards of a model's page: what its family shows, with dials of the reader's own, above the usual charts."""

from dataclasses import replace
from typing import Any

import streamlit as st

from nnviz.charts import film_steps
from nnviz.charts.chart import View
from nnviz.records import Snapshot
from nnviz.sights import Question
from nnviz.training.sights.taking import asks_of
from nnviz.ui.board import Layout, asking_board, board
from nnviz.ui.families.menu import FamilyPage
from nnviz.ui.family_seats import FamilySeat
from nnviz.ui.family_texts import page as words
from nnviz.ui.live import EVERY_S, face
from nnviz.ui.registry import hall

_OWN, _MORE = "family.own", "family.board"
_PICTURES = 60  # test pictures to choose from
Dial = dict[str, Any]


def stage(seat: FamilySeat, snapshot: Snapshot, page: FamilyPage, view: View, note: str) -> None:
    """Draw the boards now, and again and again while the run goes on."""
    st.session_state["turns"] = seat.turns
    run_every = EVERY_S if seat.is_changing(snapshot) else None
    st.fragment(_refresh, run_every=run_every)(seat.id, page, view, note, face(seat, snapshot))


def _refresh(seat_id: str, page: FamilyPage, view: View, note: str, drawn: tuple[object, ...]) -> None:
    seat = hall().find_family(seat_id)
    if seat is None:
        st.rerun()
    snapshot = seat.snapshot()
    _own(seat, snapshot, page, view, note)
    board(seat, snapshot, Layout(page.more, view, with_numbers=False, is_pair=True), _MORE)
    if face(seat, snapshot) != drawn or seat.turns != st.session_state["turns"]:
        st.rerun()


def _own(seat: FamilySeat, snapshot: Snapshot, page: FamilyPage, view: View, note: str) -> None:
    """Draw the family's own view, as it is now or as it was at the moment that the reader has turned to."""
    steps, asks, asked = film_steps(snapshot), asks_of(seat.spec), question(seat)
    dials = [_moment(seat, steps)] if len(steps) > 1 else []
    dials += [_picture(snapshot, asked)] if "picture" in asks and snapshot.scene else []
    at = _moment_of(seat, steps)
    layout = Layout(
        page.own,
        replace(view, moment=at, place=asked.place if "place" in asks else None),
        note=note,
        is_pair=True,
        question=asked,
        scope="own",
    )
    shown = seat.answered(snapshot, asked)
    on_place = (lambda: _take_place(seat)) if "place" in asks else None
    asking_board(seat, shown, layout, _OWN, dials, lambda: _take_dial(seat), on_place, calls())


def calls() -> int:
    """Count how often something to try was set up: each time the reader is called to the charts."""
    return int(st.session_state.get("family.calls", 0))


def call() -> None:
    """Call the reader to the charts."""
    st.session_state["family.calls"] = calls() + 1


def _key(seat: FamilySeat, name: str) -> str:
    return f"family.{seat.kind}.{name}"


def question(seat: FamilySeat) -> Question:
    """Return what the reader wants to see."""
    return Question(
        int(st.session_state.get(_key(seat, "picture"), 0)), st.session_state.get(_key(seat, "place"), (0.0, 0.0))
    )


def _moment_of(seat: FamilySeat, steps: list[int]) -> float | None:
    """Return the update that the reader has turned back to; none for the newest, or where the run began anew."""
    at = st.session_state.get(_key(seat, "moment"))
    return None if at is None or not steps or at >= steps[-1] else float(at)


def _moment(seat: FamilySeat, steps: list[int]) -> Dial:
    """Describe the dial that goes back in time over the records that are kept."""
    at = _moment_of(seat, steps)
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


def _take_dial(seat: FamilySeat) -> None:
    """Remember what was turned: a moment by its update, so that it stays where it is while the run goes on."""
    turned = st.session_state[_OWN]["dial"]
    value = round(turned["value"])
    if turned["id"] == "moment":
        steps = film_steps(seat.run.peek())
        is_newest = value >= len(steps) - 1
        st.session_state[_key(seat, "moment")] = None if is_newest else steps[max(0, value)]
    elif turned["id"] == "picture":
        st.session_state[_key(seat, "picture")] = value


def _take_place(seat: FamilySeat) -> None:
    found = st.session_state[_OWN]["place"]
    st.session_state[_key(seat, "place")] = (float(f"{found['x']:.4g}"), float(f"{found['y']:.4g}"))
