"""What a browser may say on its line: a handful of small messages, each checked."""

import json
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

MOST_BYTES = 4096
MOST_CHARTS = 100
MOST_A_SECOND = 60
MOVES = ("move", "place")
MOST_FAR = 1e30  # from zero, of a place on a chart


@dataclass(frozen=True, slots=True)
class Request:
    """One message; what it does not speak of is None."""

    want: str | None = None  # the name of a board
    have: Mapping[str, int] = field(default_factory=dict)  # charts that it shows, by their stamps
    sight: Sequence[str] | None = None  # charts that are in its window, or nearly
    drawn: bool = False  # whether it has drawn what it was sent
    hidden: bool | None = None  # whether anybody can see it
    past: int | None = None  # with `want`: the moment of the run, in updates, that its reader looks at
    turn: Mapping[str, Any] | None = None  # what a hand has turned: `id`, `value`, and `n`, the number of the report
    # What it does to a slider of its `tab` that it holds: `slider`, by its class, the `place` and the `text` there.
    knob: Mapping[str, Any] | None = None
    # What it has moved on a chart of a lesson: `chart`, `act`, `name`, `index`, `x`, `y`, and `n` likewise.
    move: Mapping[str, Any] | None = None
    # A stretch of a chart that its reader has zoomed in on: `id`, `low` and `high` on its x axis, `n` to tell it by.
    stretch: Mapping[str, Any] | None = None


def read(text: str | bytes) -> Request:
    """Read a message; raises ValueError for anything else."""
    if len(text) > MOST_BYTES:
        raise ValueError(len(text))
    found = json.loads(text)
    if not isinstance(found, dict) or not found.keys() <= Request.__annotations__.keys():
        raise ValueError(text)
    request = Request(**found)
    if not _is_sound(request):
        raise ValueError(text)
    return request


def _is_sound(request: Request) -> bool:
    return (
        isinstance(request.want, str | None)
        and _are_stamps(request.have)
        and (request.sight is None or _are_names(request.sight))
        and isinstance(request.drawn, bool)
        and isinstance(request.hidden, bool | None)
        and (request.past is None or (type(request.past) is int and request.past >= 0))
        and (request.turn is None or _is_turn(request.turn))
        and (request.knob is None or _is_knob(request.knob))
        and (request.move is None or _is_move(request.move))
        and (request.stretch is None or _is_stretch(request.stretch))
    )


def _are_stamps(have: Any) -> bool:
    is_short = isinstance(have, dict) and len(have) <= MOST_CHARTS
    return is_short and all(isinstance(stamp, int) for stamp in have.values())


def _is_turn(turn: Any) -> bool:
    if not isinstance(turn, dict) or turn.keys() != {"id", "value", "n"}:
        return False
    return isinstance(turn["id"], str) and isinstance(turn["value"], str | int | float) and isinstance(turn["n"], int)


def _is_knob(knob: Any) -> bool:
    if not isinstance(knob, dict) or knob.keys() != {"tab", "slider", "place", "text"}:
        return False
    return all(isinstance(knob[part], str) for part in ("tab", "slider", "text")) and _is_number(knob["place"])


def _is_move(move: Any) -> bool:
    if not isinstance(move, dict) or move.keys() != {"chart", "act", "name", "index", "x", "y", "n"}:
        return False
    is_place = all(_is_number(move[way]) for way in "xy")
    is_named = all(isinstance(move[part], str) for part in ("chart", "name")) and move["act"] in MOVES
    return is_place and is_named and type(move["index"]) is int and move["index"] >= 0 and type(move["n"]) is int


def _is_stretch(stretch: Any) -> bool:
    if not isinstance(stretch, dict) or stretch.keys() != {"id", "low", "high", "n"}:
        return False
    ends = [stretch["low"], stretch["high"]]
    is_stretch = all(map(_is_number, ends)) and ends[0] < ends[1]
    return is_stretch and isinstance(stretch["id"], str) and type(stretch["n"]) is int


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and abs(value) <= MOST_FAR


def _are_names(sight: Any) -> bool:
    is_short = isinstance(sight, list) and len(sight) <= MOST_CHARTS
    return is_short and all(isinstance(name, str) for name in sight)


class Rate:
    """Counts messages, so that nobody sends more than a page has reason to."""

    def __init__(self) -> None:
        self._recent: deque[float] = deque(maxlen=MOST_A_SECOND)

    def is_too_high(self, now: float) -> bool:
        """Note a message, and tell whether too many have come within a second."""
        is_full = len(self._recent) == MOST_A_SECOND
        first = self._recent[0] if is_full else 0.0
        self._recent.append(now)
        return is_full and now - first < 1.0
