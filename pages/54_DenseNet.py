"""DenseNet: each layer reads what all layers before it have found."""

from nnviz.ui.entrance import entrance
from nnviz.words.models.densenet import TEXTS


def page() -> None:
    """Draw the page once PyTorch is there."""
    from nnviz.ui.families.page import family_page

    family_page("densenet")


entrance(TEXTS.title, page)
