"""A layer is an affine map: on the plane, and with many inputs and outputs."""

from nnviz.ui.lessons.affine import DESK, affine
from nnviz.ui.lessons.frame import frame

frame(DESK)
affine()
