"""The page of the lesson on affine maps."""

from nnviz.lessons.affine import State
from nnviz.lessons.affine_fit import MOST_STEPS
from nnviz.lessons.affine_plane import follow
from nnviz.ui.lesson_texts.affine import TEXTS
from nnviz.ui.lessons.affine_fit import fit_section
from nnviz.ui.lessons.affine_plane import plane_section
from nnviz.ui.lessons.desk import Desk
from nnviz.ui.lessons.player import Player


class _Desk(Desk[State]):
    """A desk at which the entries of W and the dials that compose it follow each other."""

    def change(self, **changes: object) -> None:
        """Change some fields, and with them what follows."""
        super().change(**follow(self.state, changes))


DESK = _Desk("affine", State, TEXTS)
PLAYER = Player(DESK, "steps", MOST_STEPS, stride=8)


def affine() -> None:
    """Draw the map of the plane, then the fit to data."""
    plane_section(DESK)
    fit_section(DESK, PLAYER)
