"""Losses: squared error, cross-entropy and the likelihoods behind them."""

from nnviz.lessons.losses.texts import TEXTS
from nnviz.ui.entrance import entrance


def page() -> None:
    """Draw the page once PyTorch is there."""
    from nnviz.lessons.losses.page import losses
    from nnviz.lessons.losses.page_controller import CONTROLLER
    from nnviz.ui.lesson_kit.frame import frame
    from nnviz.ui.lesson_kit.way_on import way_on

    frame(CONTROLLER)
    losses()
    way_on(CONTROLLER)


entrance(TEXTS.title, page)
