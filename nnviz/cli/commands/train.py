"""`train`: the run of a link, to its end."""

from argparse import Namespace

from nnviz.cli.asked import Asked
from nnviz.cli.goal import Goal
from nnviz.cli.number import every_of


def run(options: Namespace) -> int:
    """Train it; ValueError for what cannot be trained."""
    goal, asked = Goal.of(options), Asked.of(options.link)
    every_of(options)
    from nnviz.cli.beginning import begin  # PyTorch takes seconds

    return begin(asked, goal, options)
