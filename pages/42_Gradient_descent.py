"""Gradient descent by hand: loss, gradients and steps of a line."""

from nnviz.lessons.descent_by_hand.texts import TEXTS
from nnviz.ui.entrance import entrance


def page() -> None:
    """Draw the page once PyTorch is there."""
    from nnviz.lessons.descent_by_hand.page import CONTROLLER, descent_by_hand
    from nnviz.ui.lesson_kit.frame import frame
    from nnviz.ui.lesson_kit.way_on import way_on

    frame(CONTROLLER)
    descent_by_hand()
    way_on(CONTROLLER)


entrance(TEXTS.title, page)
