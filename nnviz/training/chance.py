"""What guessing costs: the loss of the best answer that takes no notice of the example."""

import torch

from nnviz.catalog.losses import Versus
from nnviz.training.checks.chance import chance as price_of_guessing
from nnviz.training.experiment import Experiment


def chance(experiment: Experiment) -> tuple[float, ...]:
    """Return the loss of the best constant answer to the training examples that are measured, for each player.

    Of two players that judge in log odds: where nobody can tell real from made. () where guessing has no fixed price.
    """
    if experiment.loss.versus is not None:
        return _undecided(experiment.loss.versus, len(experiment.players))
    if experiment.loss.guess is None:
        return ()
    task, count = experiment.task, experiment.family.measured
    return (
        price_of_guessing(experiment.loss, experiment.targets[:count], task.outputs(experiment.data, experiment.loss)),
    )


def _undecided(versus: Versus, players: int) -> tuple[float, ...]:
    if not versus.is_logit:
        return ()
    even = torch.zeros(1, 1)
    prices = {"maker": versus.maker(even).item(), "critic": versus.critic(even, even).item()}
    return tuple(prices.values())[:players]
