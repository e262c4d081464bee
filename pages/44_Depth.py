"""Why depth needs a non-linearity: linear stacks collapse, activations fold, signals fade."""

from nnviz.lessons.depth.texts import TEXTS
from nnviz.ui.entrance import entrance


def page() -> None:
    """Draw the page once PyTorch is there."""
    from nnviz.lessons.depth.page import CONTROLLER, depth
    from nnviz.ui.lesson_kit.frame import frame
    from nnviz.ui.lesson_kit.way_on import way_on

    frame(CONTROLLER)
    depth()
    way_on(CONTROLLER)


entrance(TEXTS.title, page)
