"""The slow first times, done once before anybody waits for them."""

import atexit
import gc

from nnviz.specs.experiment import ExperimentSpec
from nnviz.training import train


def warm_up() -> None:
    """Train one tiny network for an update, then take all that was loaded out of the garbage collector's rounds.

    The first optimizer costs over a second; without the freeze every full collection walks all of torch's objects.
    """
    stream = train(ExperimentSpec(dataset="moons", epochs=1))  # type: ignore[arg-type]
    next(stream)
    next(stream)
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)  # else libraries that count their objects at exit report them as leaked
