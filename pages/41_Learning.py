"""What learning is: data, model, loss, algorithm."""

from nnviz.lessons.learning.texts import TEXTS
from nnviz.ui.entrance import entrance


def page() -> None:
    """Draw the page once PyTorch is there."""
    from nnviz.lessons.learning.page import CONTROLLER, learning
    from nnviz.ui.lesson_kit.frame import frame
    from nnviz.ui.lesson_kit.way_on import way_on

    frame(CONTROLLER)
    learning()
    way_on(CONTROLLER)


entrance(TEXTS.title, page)
