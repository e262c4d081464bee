"""What a hand turns on a board that needs nothing of the page around it: it is done without the page, at once."""

import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from nnviz.sessions.session import Session
from nnviz.ui.board.layout import Layout
from nnviz.ui.board.wanted import Wanted
from nnviz.ui.live_turns import turn_live
from nnviz.ui.play_edits import turn
from nnviz.ui.push.knobs import turn_held
from nnviz.ui.registry import registry
from nnviz.words.language import speaking

LOGGER = logging.getLogger("nnviz")
Turn = Callable[[Session, str, Any], None]
TURNS: Mapping[str, Turn] = {"playground": turn}  # how it is done, by the shape of the board


def take(wanted: Wanted | None, visitor: str, name: str, value: Any) -> bool:
    """Turn something for a visitor; False where that cannot be done, or not here: then the page says why."""
    how = _way(wanted.layout) if wanted else None
    return how is not None and _done(wanted, visitor, lambda session: how(session, name, value))


def hold(wanted: Wanted | None, visitor: str, word: Mapping[str, Any]) -> bool:
    """Turn a live knob whose slider a visitor holds; False where that cannot be done: the page says why later."""
    tab, slider, place, text = word["tab"], word["slider"], float(word["place"]), word["text"]
    if wanted is None:
        return False
    with speaking(wanted.translate):  # the words at the stops of its slider
        return _done(wanted, visitor, lambda session: turn_held(session, tab, slider, place, text))


def _done(wanted: Wanted | None, visitor: str, act: Callable[[Session], object]) -> bool:
    session = registry().find(wanted.session_id) if wanted else None
    if session is None or not session.rights_of(visitor).may_steer:
        return False
    try:
        return act(session) is not False
    except ValueError:
        return False
    except Exception:  # a fault of nnviz itself, which the page meets, too
        LOGGER.exception("a dial could not be turned")
        return False


def _way(layout: Layout) -> Turn | None:
    """Return how what is turned on a board is done; one without a shape of its own has live knobs on it."""
    is_plain = layout.is_direct and not layout.shape
    return partial(turn_live, layout) if is_plain else TURNS.get(layout.shape)
