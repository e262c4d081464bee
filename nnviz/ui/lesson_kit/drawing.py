"""What stands on a board of a lesson, and how it is written: its dials and its figures, in one message."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

from nnviz.charts.lesson_figure import Picture
from nnviz.ui.board.drawn import Drawn
from nnviz.ui.board.own_words import board_words
from nnviz.ui.board.protocol import Card, Counter, Dial, Part, Past, Payload, Playback, StatusLine, joined
from nnviz.words.lesson import LessonTexts


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
    past: Past | None = None  # the slider over a run


def head_of(key: str, scene: BoardSpec) -> Payload:
    """Put together all but the figures."""
    status: StatusLine | None = {"kind": scene.status[0], "text": scene.status[1]} if scene.status else None
    head: Payload = {
        "key": key, "words": board_words(), "status": status, "counters": list(scene.counters), "log": [],
        "reports": True, "dials": list(scene.dials), "playback": scene.playback, "columns": scene.columns,
    }  # fmt: skip
    return {**head, "past": scene.past} if scene.past is not None else head


def parts_of(texts: LessonTexts, scene: BoardSpec) -> list[Part]:
    """Write each figure, stamped by its bytes so that the browser leaves an equal one alone."""
    return [Part.of(_card(texts, name, scene)) for name in scene.pictures]


def drawn_of(texts: LessonTexts, key: str, scene: BoardSpec) -> Drawn:
    """Draw a board, stamped by what is on it."""
    parts, head = parts_of(texts, scene), head_of(key, scene)
    stamp = crc32(joined(head, [part.mention() for part in parts]))
    return Drawn({**head, "stamp": str(stamp)}, parts)


def _card(texts: LessonTexts, name: str, scene: BoardSpec) -> Card:
    label, help_text = texts.charts[name]
    picture = scene.pictures[name]
    found = scene.found[name] if isinstance(scene.found, Mapping) else scene.found
    figure = picture.draw(found, {**texts.words, **scene.words})
    card: Card = {"id": name, "label": label, "help": help_text, "width": picture.width, "figure": figure}
    return {**card, "clock": True} if picture.over_time else card
