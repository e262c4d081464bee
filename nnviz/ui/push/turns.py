"""What a hand turns on a board that needs nothing of the page around it: it is done without the page, at once."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from nnviz.sessions.session import Session
from nnviz.ui.board.wanted import Wanted
from nnviz.ui.play_edits import turn
from nnviz.ui.registry import registry

LOGGER = logging.getLogger("nnviz")
# How it is done, by the shape of the board.
TURNS: Mapping[str, Callable[[Session, str, Any], None]] = {"playground": turn}


def take(wanted: Wanted | None, visitor: str, name: str, value: Any) -> bool:
    """Turn something for a visitor; False where that cannot be done, or not here: then the page says why."""
    how = TURNS.get(wanted.layout.shape) if wanted else None
    session = registry().find(wanted.session_id) if wanted else None
    if how is None or session is None or not session.rights_of(visitor).may_steer:
        return False
    try:
        how(session, name, value)
    except ValueError:
        return False
    except Exception:  # a fault of nnviz itself, which the page meets, too
        LOGGER.exception("a dial could not be turned")
        return False
    return True
