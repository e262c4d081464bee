"""Who is told what a lane does while it does it: each evaluation, and every so many updates the loss."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from nnviz.records.run import Evaluation
from nnviz.records.update import UpdateLosses
from nnviz.training import Experiment

Told = Evaluation | UpdateLosses
Follower = Callable[[str, Told], None]  # a lane's id, and what it has come to


@dataclass(frozen=True, slots=True)
class Following:
    """The follower of one lane, if any; every: updates from one loss to the next, 0 for none."""

    lane: str
    follower: Follower | None = None
    every: int = 0

    def tell(self, evaluation: Evaluation) -> None:
        """Tell how well it did."""
        if self.follower is not None:
            self.follower(self.lane, evaluation)

    def updates_left(self, step: int) -> float:
        """Count the updates to the next whose loss is told."""
        return self.every - step % self.every if self.every else math.inf

    def tell_update(self, experiment: Experiment) -> None:
        """Tell the loss of the last update if it is one of them."""
        step = experiment.step
        if self.follower is not None and self.every and step and step % self.every == 0:
            rates = tuple(float(player.optimizer.param_groups[0]["lr"]) for player in experiment.players)
            told = UpdateLosses(step, experiment.epoch, experiment.seconds, experiment.losses.last, rates)
            self.follower(self.lane, told)
