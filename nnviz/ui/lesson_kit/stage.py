"""A board of a lesson: its dials and its figures, in one message."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

import streamlit as st

from nnviz.charts.lesson_figure import Picture
from nnviz.ui.board.component import show
from nnviz.ui.board.protocol import Counter, Dial, Payload, Playback, StatusLine, joined, stamped, with_more
from nnviz.ui.lesson_kit.controller import LessonController
from nnviz.ui.note import is_due
from nnviz.words.board import BOARD

Handle = Mapping[str, Any]  # {"chart", "act", "name", "index", "x", "y"}; act: "move", "add", "remove" or "choose"


@dataclass(frozen=True, slots=True)
class BoardSpec:
    """What stands on a board of a lesson."""

    pictures: Mapping[str, Picture]
    found: Mapping[str, Any] | Any  # results for all figures, or a mapping from figure to its own
    dials: Sequence[Dial] = ()
    counters: Sequence[Counter] = ()
    status: tuple[str, str] | None = None  # kind ("", "good", "warn" or "bad") and sentence
    playback: Playback | None = None
    columns: int = 0  # of the grid on a wide page; 0: three
    words: Mapping[str, str] = field(default_factory=dict)  # more words for the figures


def stage(
    controller: LessonController[Any], key: str, scene: BoardSpec, *, on_handle: Callable[[Handle], None] | None = None,
    on_place: Callable[[float, float], None] | None = None,
) -> None:  # fmt: skip
    """Draw a board; call it within a fragment, whose other lines are drawn again with each answer."""
    show(
        key,
        message(controller, key, scene),
        on_dial=controller.taker(key),
        on_handle=(lambda: on_handle(st.session_state[key]["handle"])) if on_handle else None,
        on_place=(lambda: _place(key, on_place)) if on_place else None,
    )
    controller.write_link()
    if is_due():
        st.rerun()  # the sentence belongs above the page


def _place(key: str, on_place: Callable[[float, float], None]) -> None:
    found = st.session_state[key]["place"]
    on_place(float(f"{found['x']:.4g}"), float(f"{found['y']:.4g}"))


def message(controller: LessonController[Any], key: str, scene: BoardSpec) -> bytes:
    """Write what the board receives."""
    charts = [_chart(controller, name, scene) for name in scene.pictures]
    status: StatusLine | None = {"kind": scene.status[0], "text": scene.status[1]} if scene.status else None
    head: Payload = {
        "key": key, "words": BOARD, "status": status, "counters": list(scene.counters), "log": [],
        "reports": True, "dials": list(scene.dials), "playback": scene.playback, "columns": scene.columns,
    }  # fmt: skip
    written = joined(head, charts)
    return with_more(written, stamp=str(crc32(written)))


def _chart(controller: LessonController[Any], name: str, scene: BoardSpec) -> bytes:
    label, help_text = controller.texts.charts[name]
    picture = scene.pictures[name]
    found = scene.found[name] if isinstance(scene.found, Mapping) else scene.found
    figure = picture.draw(found, {**controller.texts.words, **scene.words})
    return stamped({"id": name, "label": label, "help": help_text, "width": picture.width, "figure": figure})
