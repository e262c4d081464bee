"""The figures of the lesson on losses, all of its sections."""

from collections.abc import Mapping

from nnviz.charts.lesson_figure import Picture
from nnviz.lessons.losses import figures_classes as losses_classes
from nnviz.lessons.losses import figures_fit as losses_fit
from nnviz.lessons.losses import figures_mistake as losses_mistake
from nnviz.lessons.losses import figures_robust as losses_robust

FIT, ROBUST = losses_fit.PICTURES, losses_robust.PICTURES
CLASSES, MISTAKE = losses_classes.PICTURES, losses_mistake.PICTURES
PICTURES: Mapping[str, Picture] = {**FIT, **ROBUST, **CLASSES, **MISTAKE}
