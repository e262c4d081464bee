"""The page of the lesson on losses."""

from nnviz.ui.lessons.losses_classes import classes, mistakes
from nnviz.ui.lessons.losses_desk import dress
from nnviz.ui.lessons.losses_regression import fit, robust


def losses() -> None:
    """Draw the four sections, each answering by itself."""
    dress()
    fit()
    robust()
    classes()
    mistakes()
