"""All lessons, in the order of the lecture."""

from collections.abc import Mapping
from dataclasses import dataclass

from nnviz.lesson import LessonState
from nnviz.lessons import affine, depth, descent_by_hand, lab, learning, losses
from nnviz.ui.lesson_texts import LessonTexts
from nnviz.ui.lesson_texts.affine import TEXTS as AFFINE
from nnviz.ui.lesson_texts.depth import TEXTS as DEPTH
from nnviz.ui.lesson_texts.descent_by_hand import TEXTS as DESCENT_BY_HAND
from nnviz.ui.lesson_texts.lab import TEXTS as LAB
from nnviz.ui.lesson_texts.learning import TEXTS as LEARNING
from nnviz.ui.lesson_texts.losses import TEXTS as LOSSES


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
}
