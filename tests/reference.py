"""Training written by hand: plain torch modules, autograd, per-parameter torch.optim, no nnviz in the loop."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.optim import Optimizer

from nnviz.specs.experiment import Choice, ExperimentSpec
from nnviz.training import Experiment

MODULES = {
    "identity": nn.Identity,
    "relu": nn.ReLU,
    "leaky_relu": nn.LeakyReLU,
    "elu": nn.ELU,
    "gelu": nn.GELU,
    "silu": nn.SiLU,
    "softplus": nn.Softplus,
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
}


def network(experiment: Experiment, activation: type[nn.Module]) -> nn.Sequential:
    """Copy the starting weights of an experiment into a network of its own."""
    state = {name: value.clone() for name, value in experiment.model.state_dict().items()}
    widths = [experiment.data.inputs, *(len(state[name]) for name in state if name.endswith("weight"))]
    parts: list[nn.Module] = []
    for number, (before, after) in enumerate(pairwise(widths), 1):
        linear = nn.Linear(before, after)
        linear.weight.data, linear.bias.data = state[f"lin_{number}.weight"], state[f"lin_{number}.bias"]
        parts += [linear, activation()]
    return nn.Sequential(*parts[:-1])


def optimizer(choice: Choice, parameters: Iterable[nn.Parameter]) -> Optimizer:
    """Spell out torch.optim's constructors; what the choice leaves out is torch's own default."""
    knobs: dict[str, Any] = {name: float(value) for name, value in choice.knobs.items()}
    if {"beta1", "beta2"} & knobs.keys():
        knobs["betas"] = (knobs.pop("beta1", 0.9), knobs.pop("beta2", 0.999))
    rules: Mapping[str, Callable[..., Optimizer]] = {
        "sgd": torch.optim.SGD,
        "momentum": partial(torch.optim.SGD, momentum=0.9),
        "nag": partial(torch.optim.SGD, momentum=0.9, nesterov=True),
        "adagrad": torch.optim.Adagrad,
        "adadelta": torch.optim.Adadelta,
        "rmsprop": torch.optim.RMSprop,
        "adam": torch.optim.Adam,
        "adamw": torch.optim.AdamW,
        "adamax": torch.optim.Adamax,
        "nadam": torch.optim.NAdam,
        "radam": torch.optim.RAdam,
    }
    return rules[choice.name](parameters, **knobs)


def loss_of(name: str, output: Tensor, y: Tensor, classes: int) -> Tensor:
    """Spell out the losses."""
    if name == "cross_entropy":
        return F.cross_entropy(output, y)
    if name == "binary_cross_entropy":
        return F.binary_cross_entropy_with_logits(output, y.float().unsqueeze(1))
    if name == "mse":
        return F.mse_loss(output, F.one_hot(y, classes).float() if classes else y)
    return F.gaussian_nll_loss(output[:, :1], y, output[:, 1:].exp(), full=True)


def batches(examples: int, size: int, generator: torch.Generator) -> Iterator[Tensor]:
    """Yield the examples of each batch: a permutation for each epoch, the last batch as long as what is left."""
    while True:
        order = torch.randperm(examples, generator=generator)
        for first in range(0, examples, size):
            yield order[first : first + size]


def trained_by_hand(
    spec: ExperimentSpec,
    updates: int,
    lr_changes: Mapping[int, float] | None = None,
    weights: Mapping[int, tuple[int, int, int, float]] | None = None,
) -> tuple[list[float], nn.Sequential]:
    """Return the loss of each update and the network.

    `lr_changes` maps updates done to the rate from there on, `weights` to a layer from 0, a row, a column and the
    weight that is set there.
    """
    start = Experiment(spec)  # for the data, the starting weights and the generator's state, nothing else
    x, y = start.data.train_x, start.data.train_y
    model = network(start, MODULES[spec.activation.name])
    rule = optimizer(spec.optimizer, model.parameters())
    losses = []
    for done, chosen in zip(range(updates), batches(len(x), spec.batch_size, start.generator), strict=False):
        rule.param_groups[0]["lr"] = (lr_changes or {}).get(done, rule.param_groups[0]["lr"])
        if weights and done in weights:
            layer, row, column, value = weights[done]
            linear = model[2 * layer]
            assert isinstance(linear, nn.Linear)
            linear.weight.data[row, column] = value
        rule.zero_grad()
        loss = loss_of(spec.loss.name, model(x[chosen]), y[chosen], len(start.data.classes))
        loss.backward()  # type: ignore[no-untyped-call]
        rule.step()
        losses.append(loss.item())
    return losses, model


def losses_by_hand(spec: ExperimentSpec, updates: int, lr_changes: Mapping[int, float] | None = None) -> list[float]:
    """Return the loss of each update of `trained_by_hand`."""
    return trained_by_hand(spec, updates, lr_changes)[0]
