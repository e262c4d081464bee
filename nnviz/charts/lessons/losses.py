"""The figures of the lesson on losses, all of its sections."""

from collections.abc import Mapping

from nnviz.charts.lessons import losses_classes, losses_fit, losses_mistake, losses_robust
from nnviz.charts.lessons.picture import Picture

FIT, ROBUST = losses_fit.PICTURES, losses_robust.PICTURES
CLASSES, MISTAKE = losses_classes.PICTURES, losses_mistake.PICTURES
PICTURES: Mapping[str, Picture] = {**FIT, **ROBUST, **CLASSES, **MISTAKE}
