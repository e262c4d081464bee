"""The figures of the lesson on affine maps."""

from collections.abc import Mapping

from nnviz.charts.lesson_figure import Picture
from nnviz.lessons.affine.figures_fit import best_weights, losses, weights
from nnviz.lessons.affine.figures_plane import after, before

PLANE_PICTURES: Mapping[str, Picture] = {"before": Picture(before), "after": Picture(after)}
FIT_PICTURES: Mapping[str, Picture] = {
    "losses": Picture(losses, width=2),
    "weights": Picture(weights),
    "best_weights": Picture(best_weights),
}
PICTURES = {**PLANE_PICTURES, **FIT_PICTURES}
