"""The page of the lesson on affine maps."""

from nnviz.lessons.affine.page_fit import fit_section
from nnviz.lessons.affine.page_plane import plane_section
from nnviz.lessons.affine.study import State
from nnviz.lessons.affine.study_fit import MOST_STEPS
from nnviz.lessons.affine.study_plane import follow
from nnviz.lessons.affine.texts import TEXTS
from nnviz.ui.lesson_kit.controller import LessonController
from nnviz.ui.lesson_kit.playback import Playback


class _Controller(LessonController[State]):
    """A controller by which the entries of W and the dials that compose it follow each other."""

    def change(self, **changes: object) -> None:
        """Change some fields, and with them what follows."""
        super().change(**follow(self.state, changes))


CONTROLLER = _Controller("affine", State, TEXTS)
PLAYBACK = Playback(CONTROLLER, "steps", MOST_STEPS, stride=8)


def affine() -> None:
    """Draw the map of the plane, then the fit to data."""
    plane_section(CONTROLLER)
    fit_section(CONTROLLER, PLAYBACK)
