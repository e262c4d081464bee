"""What learning is: data, model, loss, algorithm."""

from nnviz.ui.lessons.frame import frame
from nnviz.ui.lessons.learning import DESK, learning

frame(DESK)
learning()
