"""The runs that are kept: to open, to name, to compare and to put away."""

from nnviz.ui.entrance import entrance
from nnviz.words.library import LIBRARY


def page() -> None:
    """Draw the page once PyTorch is there."""
    from nnviz.ui.shelf import shelf

    shelf()


entrance(LIBRARY.english["title"], page)
