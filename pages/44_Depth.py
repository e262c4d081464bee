"""Why depth needs a non-linearity: linear stacks collapse, activations fold, signals fade."""

from nnviz.ui.lessons.depth import DESK, depth
from nnviz.ui.lessons.frame import frame

frame(DESK)
depth()
