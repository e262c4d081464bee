"""The fault gallery: runs that are ill in one way each, to be guessed and cured."""

from nnviz.ui.entrance import entrance
from nnviz.words.cases import GALLERY


def page() -> None:
    """Draw the page once PyTorch is there."""
    from nnviz.ui.gallery.page import gallery

    gallery()


entrance(GALLERY.english["title"], page)
