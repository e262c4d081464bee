"""What a hand does to a slider of a live knob that it holds: the run hears of it before the page does."""

import re

from nnviz.sessions.session import Session
from nnviz.ui.held import told
from nnviz.ui.live_sliders import live_sliders


def turn_held(session: Session, tab: str, slider: str, place: float, text: str) -> bool:
    """Turn the knob of a slider, named as in the page's classes, to where it stands; False where that is not known."""
    snapshot = session.glance()
    found = next((each for each in live_sliders(session, snapshot) if _is_called(slider, each.name)), None)
    value = None if found is None else place if found.stops is None else found.stops.get(text)
    if found is None or value is None:
        return False
    hand = session.id, tab, found.target
    if session.knob(found.target, snapshot) != value:
        told().note(hand, float(value))  # first: the page may say so in this moment
        try:
            session.turn(found.target, float(value), rule=found.rule)
        except ValueError:
            told().forget(hand)
            raise
    return True


def _is_called(slider: str, name: str) -> bool:
    """Tell whether a class of the page is that of a widget, which may have been drawn in place of another one."""
    return re.fullmatch(rf"{re.sub('[^a-zA-Z0-9_-]', '-', name)}(-\d+)?", slider) is not None
