"""Lab: the MLP on MNIST."""

from nnviz.lessons.lab.texts import TEXTS
from nnviz.ui.entrance import entrance


def page() -> None:
    """Draw the page once PyTorch is there."""
    from nnviz.lessons.lab.page import lab
    from nnviz.lessons.lab.page_controller import CONTROLLER
    from nnviz.ui.lesson_kit.frame import frame
    from nnviz.ui.lesson_kit.way_on import way_on

    frame(CONTROLLER)
    lab()
    way_on(CONTROLLER)


entrance(TEXTS.title, page)
