"""What guessing costs: the loss of the best answer that takes no notice of the example."""

from collections.abc import Callable

import torch
from torch import Tensor

from nnviz.catalog.losses import Loss, Versus
from nnviz.training.experiment import Experiment


def chance(experiment: Experiment) -> tuple[float, ...]:
    """Return the loss of the best constant answer to the training examples that are measured, for each player.

    Of two players that judge in log odds: where nobody can tell real from made. () where guessing has no fixed price.
    """
    if experiment.loss.versus is not None:
        return _undecided(experiment.loss.versus, len(experiment.players))
    if experiment.loss.guess is None:
        return ()
    return (guessed(experiment.loss, experiment.targets[: experiment.family.measured]),)


def guessed(loss: Loss, targets: Tensor) -> float:
    """Return the mean loss of the best constant answer to targets; classes may be asked for at every step."""
    each = targets if targets.is_floating_point() else targets.flatten()
    guess: Callable[[Tensor], Tensor] | None = loss.guess
    assert guess is not None
    return loss.value(guess(each).expand(len(each), -1), each).item()


def _undecided(versus: Versus, players: int) -> tuple[float, ...]:
    if not versus.is_logit:
        return ()
    even = torch.zeros(1, 1)
    prices = {"maker": versus.maker(even).item(), "critic": versus.critic(even, even).item()}
    return tuple(prices.values())[:players]
