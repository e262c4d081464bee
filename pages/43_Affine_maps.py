"""A layer is an affine map: on the plane, and with many inputs and outputs."""

from nnviz.lessons.affine.texts import TEXTS
from nnviz.ui.entrance import entrance


def page() -> None:
    """Draw the page once PyTorch is there."""
    from nnviz.lessons.affine.page import CONTROLLER, affine
    from nnviz.ui.lesson_kit.frame import frame
    from nnviz.ui.lesson_kit.way_on import way_on

    frame(CONTROLLER)
    affine()
    way_on(CONTROLLER)


entrance(TEXTS.title, page)
