"""The figures of the lesson on affine maps."""

from collections.abc import Mapping

from nnviz.charts.lessons.affine_fit import best_weights, losses, weights
from nnviz.charts.lessons.affine_plane import after, before
from nnviz.charts.lessons.picture import Picture

PLANE_PICTURES: Mapping[str, Picture] = {"before": Picture(before), "after": Picture(after)}
FIT_PICTURES: Mapping[str, Picture] = {
    "losses": Picture(losses, width=2),
    "weights": Picture(weights),
    "best_weights": Picture(best_weights),
}
PICTURES = {**PLANE_PICTURES, **FIT_PICTURES}
