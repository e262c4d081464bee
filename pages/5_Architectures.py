"""The lecture's models, each on a page of its own."""

from nnviz.ui.entrance import entrance
from nnviz.words.models import page as words


def page() -> None:
    """Draw the page once PyTorch is there."""
    from nnviz.ui.families.overview import overview

    overview()


entrance(words.FAMILY.english["title"], page)
