"""Gradient descent by hand: loss, gradients and steps of a line."""

from nnviz.ui.lessons.descent_by_hand import DESK, descent_by_hand
from nnviz.ui.lessons.frame import frame

frame(DESK)
descent_by_hand()
