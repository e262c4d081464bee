"""All lessons, in the order of the lecture."""

from collections.abc import Mapping
from dataclasses import dataclass

from nnviz.lessons.affine import study as affine
from nnviz.lessons.affine.texts import TEXTS as AFFINE
from nnviz.lessons.depth import state as depth
from nnviz.lessons.depth.texts import TEXTS as DEPTH
from nnviz.lessons.descent_by_hand import study as descent_by_hand
from nnviz.lessons.descent_by_hand.texts import TEXTS as DESCENT_BY_HAND
from nnviz.lessons.edge import state as edge
from nnviz.lessons.edge.texts import TEXTS as EDGE
from nnviz.lessons.lab import state as lab
from nnviz.lessons.lab.texts import TEXTS as LAB
from nnviz.lessons.learning import study as learning
from nnviz.lessons.learning.texts import TEXTS as LEARNING
from nnviz.lessons.losses import study as losses
from nnviz.lessons.losses.texts import TEXTS as LOSSES
from nnviz.specs.lesson import LessonState
from nnviz.words.lesson import LessonTexts


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson: its page, its icon, what its reader may choose, and its words."""

    path: str
    icon: str
    state: type[LessonState]
    texts: LessonTexts


LESSONS: Mapping[str, Lesson] = {
    "learning": Lesson("pages/41_Learning.py", ":material/school:", learning.State, LEARNING),
    "descent_by_hand": Lesson(
        "pages/42_Gradient_descent.py", ":material/trending_down:", descent_by_hand.State, DESCENT_BY_HAND
    ),
    "affine": Lesson("pages/43_Affine_maps.py", ":material/transform:", affine.State, AFFINE),
    "depth": Lesson("pages/44_Depth.py", ":material/layers:", depth.State, DEPTH),
    "losses": Lesson("pages/45_Losses.py", ":material/show_chart:", losses.State, LOSSES),
    "lab": Lesson("pages/46_Lab.py", ":material/science:", lab.State, LAB),
    "edge": Lesson("pages/47_Edge_of_stability.py", ":material/balance:", edge.State, EDGE),
}


def after(name: str) -> str | None:
    """Name the lesson that follows one, if any."""
    return _neighbour(name, 1)


def before(name: str) -> str | None:
    """Name the lesson that comes before one, if any."""
    return _neighbour(name, -1)


def _neighbour(name: str, way: int) -> str | None:
    names = list(LESSONS)
    place = names.index(name) + way
    return names[place] if 0 <= place < len(names) else None
