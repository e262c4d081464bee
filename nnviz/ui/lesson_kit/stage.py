"""A board of a lesson on the page: what it shows, and what is done with what a hand does there."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from nnviz.ui.board.component import show
from nnviz.ui.lesson_kit.controller import LessonController
from nnviz.ui.lesson_kit.drawing import BoardSpec, drawn_of
from nnviz.ui.lesson_kit.seat import LiveBoard
from nnviz.ui.note import is_due
from nnviz.words.language import language

__all__ = ["BoardSpec", "Handle", "answered", "live_stage", "message", "placed", "stage"]

Handle = Mapping[str, Any]  # {"chart", "act", "name", "index", "x", "y"}; act: "move", "add", "remove" or "choose"
OnHandle = Callable[[Handle], None]
OnPlace = Callable[[float, float], None]


def stage(
    controller: LessonController[Any], key: str, scene: BoardSpec, *, on_handle: OnHandle | None = None,
    on_place: OnPlace | None = None,
) -> None:  # fmt: skip
    """Draw a board that the page alone answers; call it within a fragment, which is drawn again with each answer."""
    _show(controller, key, message(controller, key, scene), on_handle, on_place)


def live_stage(
    controller: LessonController[Any], board: LiveBoard[Any, Any], *, on_handle: OnHandle | None = None,
    on_place: OnPlace | None = None,
) -> None:  # fmt: skip
    """Draw a board whose line answers its dials; call it within a fragment, which follows when the hand rests."""
    drawn = controller.seat(board).seen(board, language())
    _show(controller, board.key, drawn.message(), on_handle, on_place)


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
