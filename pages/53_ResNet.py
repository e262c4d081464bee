"""ResNet: shortcuts make deep networks learn."""

from nnviz.ui.entrance import entrance
from nnviz.words.models.resnet import TEXTS


def page() -> None:
    """Draw the page once PyTorch is there."""
    from nnviz.ui.families.page import family_page

    family_page("resnet")


entrance(TEXTS.title, page)
