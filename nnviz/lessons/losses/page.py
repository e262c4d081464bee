"""The page of the lesson on losses."""

from nnviz.lessons.losses.page_classes import classes, mistakes
from nnviz.lessons.losses.page_controller import dress
from nnviz.lessons.losses.page_regression import fit, robust


def losses() -> None:
    """Draw the four sections, each answering by itself."""
    dress()
    fit()
    robust()
    classes()
    mistakes()
