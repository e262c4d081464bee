"""LSTM: a memory that lasts."""

from nnviz.ui.entrance import entrance
from nnviz.words.models.lstm import TEXTS


def page() -> None:
    """Draw the page once PyTorch is there."""
    from nnviz.ui.families.page import family_page

    family_page("lstm")


entrance(TEXTS.title, page)
