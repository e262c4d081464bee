"""The lessons of the first lecture."""

from nnviz.ui.entrance import entrance
from nnviz.words import lessons


def page() -> None:
    """Draw the page once PyTorch is there."""
    from nnviz.ui.lesson_kit.overview import overview

    overview()


entrance(lessons.FOUNDATIONS.english["title"], page)
