"""`resume`: go on with a saved run from its last state."""

from argparse import Namespace

from nnviz.cli.goal import Goal
from nnviz.cli.number import every_of
from nnviz.cli.place import find, shelf_of


def run(options: Namespace) -> int:
    """Go on with it; ValueError where that cannot be."""
    goal, shelf = Goal.of(options), shelf_of(options.runs)
    every_of(options)
    saved = find(shelf, options.run)
    from nnviz.cli.resuming import resume  # PyTorch takes seconds

    return resume(saved, shelf.place, goal, options)
