"""What a hand tells of a live knob while it holds its slider: at once by a board's line, and by the page once more.

The page's word comes later, and of a hand that has moved on meanwhile it is older than what the run was told already:
it is known again by its value, does nothing, and moves no slider back under the hand.
"""

from threading import Lock

import streamlit as st
from cachetools import TTLCache

KEPT_S = 10.0  # a page that has not told a value by then will not do so any more: the hand came back to where it was
_MOST_HANDS, _MOST_VALUES = 2000, 100

Hand = tuple[str, str, str]  # the session's id, the tab, and what is turned


class Told:
    """Values that hands have told by lines, and their pages not yet; oldest first. Any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._values: TTLCache[Hand, tuple[float, ...]] = TTLCache(_MOST_HANDS, KEPT_S)

    def note(self, hand: Hand, value: float) -> None:
        """Note what the line is about to tell the run."""
        with self._lock:
            self._values[hand] = (*self._values.get(hand, ()), value)[-_MOST_VALUES:]

    def is_echo(self, hand: Hand, value: float) -> bool:
        """Tell whether the run knows what a page says, which then has said all that came before, too."""
        with self._lock:
            values = self._values.get(hand, ())
            if value not in values:
                return False
            self._values[hand] = values[values.index(value) + 1 :]
            return True

    def is_ahead(self, hand: Hand, present: float) -> bool:
        """Tell whether the present value is a hand's that its page has still to tell."""
        with self._lock:
            return self._values.get(hand, ())[-1:] == (present,)

    def forget(self, hand: Hand) -> None:
        """Let go of what was told: something else was turned since, or it was refused."""
        with self._lock:
            self._values.pop(hand, None)


@st.cache_resource(max_entries=1, show_spinner=False)
def told() -> Told:
    """Return what is told in this process."""
    return Told()
