"""The controller of the lesson on affine maps, which its two sections share."""

from collections.abc import Mapping
from typing import Any

from nnviz.lessons.affine.study import State
from nnviz.lessons.affine.study_plane import follow
from nnviz.lessons.affine.texts import TEXTS
from nnviz.ui.lesson_kit.controller import LessonController


class _Controller(LessonController[State]):
    """A controller by which the entries of W and the dials that compose it follow each other."""

    def after(self, state: State, changes: Mapping[str, Any]) -> State:
        """Return a state with some fields changed, and with them what follows."""
        return super().after(state, follow(state, changes))


CONTROLLER = _Controller("affine", State, TEXTS)
