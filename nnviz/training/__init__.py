"""Training as a stream: build, advance, measure. No thread, no screen."""

from nnviz.training.experiment import Checkpoint, Experiment
from nnviz.training.loop import train

__all__ = ["Checkpoint", "Experiment", "train"]
