"""Lab: the MLP on MNIST."""

from nnviz.lessons.lab.texts import TEXTS
from nnviz.ui.entrance import entrance


def page() -> None:
    """Draw the page once PyTorch is there."""
    from nnviz.lessons.lab.page import lab
    from nnviz.lessons.lab.page_controller import CONTROLLER
    from nnviz.ui.lesson_kit.frame import frame

    frame(CONTROLLER)
    lab()


entrance(TEXTS.title, page)
