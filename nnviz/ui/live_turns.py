"""What a hand does to the dials of live knobs on a board: the run goes on with the new value."""

from typing import Any

from nnviz.sessions.session import Session
from nnviz.ui.board.layout import Layout
from nnviz.words import errors
from nnviz.words.language import message


def turn_live(layout: Layout, session: Session, name: str, value: Any) -> None:
    """Turn a live knob of the first lane; one whose run is over begins anew.

    Raises ValueError for a knob that is not on the board, and for a value beyond the ends of its dial.
    """
    if name not in layout.dials:
        raise ValueError(message(errors.CHOICES["live"], target=name, choices=errors.listed(layout.dials)))
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(message(errors.NUMBERS["number"], name="value", value=value))
    low, high = layout.ends or (-float("inf"), float("inf"))
    if not low <= value <= high:
        raise ValueError(message(errors.NUMBERS["from"], name=name, low=low, high=high, value=value))
    was_over = session.glance().status.is_over
    session.turn(name, float(value))
    if was_over:  # whoever turns something wants to see what comes of it
        session.play()
