"""AlexNet: convolutions, ReLU and dropout."""

from nnviz.ui.entrance import entrance
from nnviz.words.models.alexnet import TEXTS


def page() -> None:
    """Draw the page once PyTorch is there."""
    from nnviz.ui.families.page import family_page

    family_page("alexnet")


entrance(TEXTS.title, page)
