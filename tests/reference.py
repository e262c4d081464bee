"""Training written by hand: plain torch modules, autograd, per-parameter torch.optim, no nnviz in the loop."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.optim import Optimizer

from nnviz.spec import Choice, ExperimentSpec
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
    """Spell out torch.optim's constructors."""
    knobs = dict(choice.knobs)
    lr = float(knobs["lr"])
    rules: Mapping[str, type[Optimizer]] = {
        "adagrad": torch.optim.Adagrad,
        "adadelta": torch.optim.Adadelta,
        "rmsprop": torch.optim.RMSprop,
        "adam": torch.optim.Adam,
        "adamw": torch.optim.AdamW,
        "adamax": torch.optim.Adamax,
        "nadam": torch.optim.NAdam,
        "radam": torch.optim.RAdam,
    }
    if choice.name == "sgd":
        return torch.optim.SGD(parameters, lr=lr)
    if choice.name in ("momentum", "nag"):
        return torch.optim.SGD(parameters, lr=lr, momentum=0.9, nesterov=choice.name == "nag")
    return rules[choice.name](parameters, lr=lr)  # type: ignore[call-arg]


def loss_of(name: str, output: Tensor, y: Tensor, classes: int) -> Tensor:
    """Spell out the losses."""
    if name == "cross_entropy":
        return F.cross_entropy(output, y)
    if name == "binary_cross_entropy":
        return F.binary_cross_entropy_with_logits(output, y.float().unsqueeze(1))
    if name == "mse":
        return F.mse_loss(output, F.one_hot(y, classes).float() if classes else y)
    return F.gaussian_nll_loss(output[:, :1], y, output[:, 1:].exp(), full=True)


def losses_by_hand(
    spec: ExperimentSpec, updates: int, lr_changes: Mapping[int, float] | None = None
) -> Iterator[float]:
    """Yield the loss of each update; `lr_changes` maps updates done to the learning rate from there on."""
    start = Experiment(spec)  # for the data, the starting weights and the generator's state, nothing else
    x, y, generator = start.data.train_x, start.data.train_y, start.generator
    model = network(start, MODULES[spec.activation.name])
    rule = optimizer(spec.optimizer, model.parameters())
    done = 0
    while done < updates:
        order = torch.randperm(len(x), generator=generator)
        for first in range(0, len(x), spec.batch_size):
            if lr_changes and done in lr_changes:
                rule.param_groups[0]["lr"] = lr_changes[done]
            chosen = order[first : first + spec.batch_size]
            rule.zero_grad()
            loss = loss_of(spec.loss.name, model(x[chosen]), y[chosen], len(start.data.classes))
            loss.backward()  # type: ignore[no-untyped-call]
            rule.step()
            yield loss.item()
            done += 1
            if done == updates:
                return
