"""Autoencoder: a code of two numbers, learnt without labels."""

from nnviz.ui.entrance import entrance
from nnviz.words.models.autoencoder import TEXTS


def page() -> None:
    """Draw the page once PyTorch is there."""
    from nnviz.ui.families.page import family_page

    family_page("autoencoder")


entrance(TEXTS.title, page)
