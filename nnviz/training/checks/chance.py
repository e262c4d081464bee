"""What a network's loss is compared with: what the best guess costs that looks at no input."""

import math

import torch
from torch import Tensor, nn

from nnviz.catalog.losses import Loss
from nnviz.training.experiment import Experiment
from nnviz.training.threads import one_thread

_LEAST = 1e-3  # of a guess's cost, so that a share of it means something


def guesses(loss: Loss, target: Tensor, outputs: int) -> Tensor:
    """Return the best constant output, for every example: shares of the classes, or means."""
    assert loss.guess is not None
    answer = loss.guess(target, outputs)
    is_at_steps = not target.is_floating_point() and target.dim() > 1  # a class at every step
    return (
        answer.view(1, -1, 1).expand(len(target), -1, target.shape[1])
        if is_at_steps
        else answer.expand(len(target), -1)
    )


def chance(loss: Loss, target: Tensor, outputs: int) -> float:
    """Return the loss of the best constant output: the entropy of the classes, or the variance of the numbers."""
    return loss.value(guesses(loss, target, outputs), target).item()


def share(loss: Loss, value: float, guessed: float) -> float:
    """Tell what part of the guess's cost is left: 1 is no better than a guess, 0 is perfect.

    Where the loss models the noise, it has no zero: there it is the part of the variance.
    """
    if not math.isfinite(value):
        return math.inf
    if loss.sigma is not None:
        return math.exp(min(50.0, 2 * (value - guessed)))
    return value / max(guessed, _LEAST)


def answers(experiment: Experiment, x: Tensor) -> Tensor:
    """Return the outputs for examples with all units at work.

    After a few updates the running statistics of batch norms are still far off: there, the examples' own are taken.
    """
    model, chunk = experiment.model, experiment.task.chunk
    has_norms = any(isinstance(part, (nn.BatchNorm1d, nn.BatchNorm2d)) for part in model.modules())
    model.train(has_norms)
    try:
        with one_thread():
            found = [model(part) for part in torch.split(x, chunk)]
            return torch.cat([each if isinstance(each, Tensor) else each[0] for each in found])
    finally:
        model.train()


def loss_on(experiment: Experiment, x: Tensor, target: Tensor) -> float:
    """Return the loss on examples."""
    return experiment.loss.value(answers(experiment, x), target).item()


def surety(loss: Loss, better: Tensor, worse: Tensor, target: Tensor) -> float:
    """Tell by how many standard errors the mean loss of some outputs lies below that of others, example by example."""
    pairs = zip(*(torch.split(each, 1) for each in (better, worse, target)), strict=True)
    gains = torch.stack([loss.value(other, wanted) - loss.value(own, wanted) for own, other, wanted in pairs])
    spread = gains.std() / math.sqrt(len(gains))
    return float(gains.mean() / spread.clamp_min(1e-12))
