"""A board of a lesson on the page: what it shows, and what is done with what a hand does there."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from nnviz.ui.board.component import show
from nnviz.ui.lesson_kit.controller import LessonController
from nnviz.ui.lesson_kit.drawing import BoardSpec, drawn_of
from nnviz.ui.lesson_kit.seat import Handle, LiveBoard
from nnviz.ui.note import is_due
from nnviz.words.language import language

__all__ = ["BoardSpec", "Handle", "answered", "live_stage", "message", "placed", "stage"]

OnHandle = Callable[[Handle], None]
OnPlace = Callable[[float, float], None]


def stage(
    controller: LessonController[Any], key: str, scene: BoardSpec, *, on_handle: OnHandle | None = None,
    on_place: OnPlace | None = None,
) -> None:  # fmt: skip
    """Draw a board that the page alone answers; call it within a fragment, which is drawn again with each answer."""
    _show(controller, key, message(controller, key, scene), on_handle, on_place)


def live_stage(controller: LessonController[Any], board: LiveBoard[Any, Any]) -> None:
    """Draw a board whose line answers a hand; call it within a fragment, which follows when the hand rests."""
    drawn, taken = controller.seat(board).seen(board, language()), board.taken
    if taken is None:
        _show(controller, board.key, drawn.message(), None, None)
        return
    place = {"act": "place", "name": "", "index": 0}
    _show(
        controller,
        board.key,
        drawn.message(),
        lambda handle: controller.take(taken, handle),
        lambda x, y: controller.take(taken, {**place, "x": x, "y": y}),
    )


def _show(
    controller: LessonController[Any], key: str, data: bytes, on_handle: OnHandle | None, on_place: OnPlace | None
) -> None:
    show(
        key,
        data,
        on_dial=controller.taker(key),
        on_handle=(lambda: on_handle(st.session_state[key]["handle"])) if on_handle else None,
        on_place=placed(key, on_place) if on_place else None,
    )
    answered(controller)


def answered(controller: LessonController[Any]) -> None:
    """Let the address and the page follow what a hand has done on a board."""
    controller.write_link()
    if is_due():
        st.rerun()  # the sentence belongs above the page


def placed(key: str, on_place: OnPlace) -> Callable[[], None]:
    """Return the callback for a press on a figure of a board."""

    def take() -> None:
        found = st.session_state[key]["place"]
        on_place(float(f"{found['x']:.4g}"), float(f"{found['y']:.4g}"))

    return take


def message(controller: LessonController[Any], key: str, scene: BoardSpec) -> bytes:
    """Write what the board receives."""
    return drawn_of(controller.texts, key, scene).message()
