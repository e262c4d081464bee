"""The words of the lesson on losses."""

from nnviz.lessons.losses.texts_classes import CHARTS as CLASS_CHARTS
from nnviz.lessons.losses.texts_classes import KNOBS as CLASS_KNOBS
from nnviz.lessons.losses.texts_classes import TASKS as CLASS_TASKS
from nnviz.lessons.losses.texts_classes import WORDS as CLASS_WORDS
from nnviz.lessons.losses.texts_regression import CHARTS, KNOBS, TASKS, WORDS
from nnviz.words.lesson import LessonTexts

TEXTS = LessonTexts(
    title="Losses and likelihood",
    menu="Losses",
    card="Squared error, absolute error, cross-entropy: what each punishes, and which likelihood it hides.",
    lead=(
        "A loss says in one number how wrong a model is. The usual ones are no accident: each is the answer to *which "
        "model makes these data most likely?* Drag points, lines and bars; every number is torch's own, and beside it "
        "stands the formula's."
    ),
    knobs=KNOBS | CLASS_KNOBS,
    charts=CHARTS | CLASS_CHARTS,
    words=WORDS | CLASS_WORDS,
    tasks=TASKS | CLASS_TASKS,
)
