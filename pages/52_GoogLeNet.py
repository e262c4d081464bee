"""GoogLeNet: filters of several sizes side by side."""

from nnviz.ui.entrance import entrance
from nnviz.words.models.googlenet import TEXTS


def page() -> None:
    """Draw the page once PyTorch is there."""
    from nnviz.ui.families.page import family_page

    family_page("googlenet")


entrance(TEXTS.title, page)
