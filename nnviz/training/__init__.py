"""Training as a stream: build, advance, measure. No thread, no screen."""

from nnviz.training.checkpoint import Checkpoint
from nnviz.training.experiment import Experiment
from nnviz.training.loop import train
from nnviz.training.measure import Detail, Observer

__all__ = ["Checkpoint", "Detail", "Experiment", "Observer", "train"]
