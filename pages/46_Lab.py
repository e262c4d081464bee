"""Lab: the MLP on MNIST."""

from nnviz.ui.lessons.frame import frame
from nnviz.ui.lessons.lab import lab
from nnviz.ui.lessons.lab_desk import DESK

frame(DESK)
lab()
