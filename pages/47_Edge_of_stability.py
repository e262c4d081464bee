"""The edge of stability: the sharpness of the loss follows the learning rate."""

from nnviz.lessons.edge.texts import TEXTS
from nnviz.ui.entrance import entrance


def page() -> None:
    """Draw the page once PyTorch is there."""
    from nnviz.lessons.edge.page import edge
    from nnviz.lessons.edge.page_controller import CONTROLLER
    from nnviz.ui.lesson_kit.frame import frame
    from nnviz.ui.lesson_kit.way_on import way_on

    frame(CONTROLLER)
    edge()
    way_on(CONTROLLER)


entrance(TEXTS.title, page)
