"""All lessons, in the order of the lecture."""

from collections.abc import Mapping
from dataclasses import dataclass

from nnviz.lesson import LessonState
from nnviz.lessons import learning
from nnviz.ui.lesson_texts import LessonTexts
from nnviz.ui.lesson_texts.learning import TEXTS as LEARNING


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson: its page, its icon, what its reader may choose, and its words."""

    path: str
    icon: str
    state: type[LessonState]
    texts: LessonTexts


LESSONS: Mapping[str, Lesson] = {
    "learning": Lesson("pages/41_Learning.py", ":material/school:", learning.State, LEARNING),
}
