"""The update rules: all of them torch.optim's own, each with its own knobs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import nn
from torch.optim import Optimizer

from nnviz.catalog.entry import Entry, Knob
from nnviz.specs.experiment import Choice
from nnviz.specs.race import numbered


def _lr(default: float, own: str = "") -> Knob:
    """Build a learning rate; `own` is what this rule makes of it."""
    usual = "How far one update moves along its direction. Too small crawls, too large overshoots or diverges."
    return Knob(
        "lr",
        "Learning rate",
        default,
        1e-6,
        1e4,
        log=True,
        live=True,
        typed=True,
        shown=(1e-5, 10.0),
        help=f"{usual} {own}".rstrip(),
    )


def _share(name: str, label: str, default: float, text: str) -> Knob:
    """Build a decay rate: a number from 0 to just below 1."""
    return Knob(name, label, default, 0.0, 0.9999, live=True, more=name != "momentum", help=text)


def _decay(default: float = 0.0) -> Knob:
    return Knob(
        "weight_decay",
        "Weight decay",
        default,
        0.0,
        1.0,
        log=True,
        live=True,
        shown=(1e-5, 0.3),
        help="Pulls every weight towards zero a little at each update.",
    )


def _eps(default: float) -> Knob:
    return Knob(
        "eps",
        "Epsilon",
        default,
        1e-12,
        1.0,
        log=True,
        live=True,
        more=True,
        help="Added to the divisor so it is never zero.",
    )


_MOMENTUM = _share(
    "momentum",
    "Momentum",
    0.9,
    "Share of the last velocity that is kept: 0.9 rolls on, up to ten times as far as the learning rate alone. 0 "
    "forgets the velocity for good: turned up again, it starts from rest.",
)
_OUTSIDE = "PyTorch multiplies the whole velocity by it, past gradients too: a change acts at once on all that rolls."
_BETA1 = _share("beta1", "Beta 1", 0.9, "Memory of the mean gradient: 0.9 remembers about 10 updates.")
_BETA2 = _share("beta2", "Beta 2", 0.999, "Memory of the squared gradient: 0.999 remembers about 1,000 updates.")
_FIRST = "The first update moves each weight by the rate / √(1 - alpha), ten rates at 0.99: the mean begins at zero."
_ADAM = (_BETA1, _BETA2, _eps(1e-8))


def _with(rule: Callable[..., Optimizer], **fixed: Any) -> Callable[..., Optimizer]:
    """Build from knobs: `beta1` and `beta2` become torch's pair `betas`.

    foreach=False is what torch takes by itself for CPU parameters, said so that it need not find out at each step.
    """

    def build(parameters: Iterable[nn.Parameter], **knobs: Any) -> Optimizer:
        if "beta1" in knobs:
            knobs["betas"] = (float(knobs.pop("beta1")), float(knobs.pop("beta2")))  # torch refuses a whole 0
        return rule(parameters, foreach=False, **fixed, **knobs)

    return build


OPTIMIZERS: Mapping[str, Entry[Optimizer]] = {
    "sgd": Entry("SGD", _with(torch.optim.SGD), (_lr(0.1), _decay()), "Steps straight down the gradient of the batch."),
    "momentum": Entry(
        "Momentum",
        _with(torch.optim.SGD),
        (_lr(0.03, _OUTSIDE), _MOMENTUM, _decay()),
        "A heavy ball: past gradients add up, so it speeds along valleys and overshoots (Polyak 1964).",
    ),
    "nag": Entry(
        "NAG",
        _with(torch.optim.SGD, nesterov=True),
        (
            _lr(0.03, _OUTSIDE),
            replace(_MOMENTUM, low=0.001, help="Share of the last velocity that is kept: 0.9 rolls on."),
            _decay(),
        ),
        "Momentum that looks ahead before it corrects (Nesterov 1983).",
    ),
    "adagrad": Entry(
        "Adagrad",
        _with(torch.optim.Adagrad),
        (
            _lr(0.03),
            Knob(
                "lr_decay",
                "Learning-rate decay",
                0.0,
                0.0,
                1.0,
                log=True,
                live=True,
                more=True,
                help="lr / (1 + updates * this).",
            ),
            _decay(),
            _eps(1e-10),
        ),
        "A step size for each weight that shrinks with the sum of its squared gradients (Duchi et al. 2011).",
    ),
    "adadelta": Entry(
        "Adadelta",
        _with(torch.optim.Adadelta),
        (
            _lr(1.0, "Adadelta finds its own step length; this is a plain factor on it, 1 in the paper."),
            _share("rho", "Rho", 0.9, "Memory of the squared gradients and steps."),
            _decay(),
            replace(_eps(1e-6), help="Sets the first steps, too: without past steps their length is √(ε / (1 - rho))."),
        ),
        "Measures its steps in units of its own past steps, of which there are none at first: the first moves each "
        "weight by about 0.003 whatever the gradient, and steps grow from there (Zeiler 2012).",
    ),
    "rmsprop": Entry(
        "RMSprop",
        _with(torch.optim.RMSprop),
        (
            _lr(0.003, _FIRST),
            _share("alpha", "Alpha", 0.99, f"Memory of the squared gradient. {_FIRST}"),
            _share("momentum", "Momentum", 0.0, _MOMENTUM.help),
            _decay(),
            _eps(1e-8),
        ),
        "Divides by a running root mean square of the gradient (Hinton 2012).",
    ),
    "adam": Entry(
        "Adam",
        _with(torch.optim.Adam),
        (_lr(0.003), *_ADAM, _decay()),
        "Running mean over running root mean square, both corrected for their start (Kingma and Ba 2015).",
    ),
    "adamw": Entry(
        "AdamW",
        _with(torch.optim.AdamW),
        (_lr(0.003), *_ADAM, _decay(0.01)),
        "Adam with weight decay taken out of the gradient (Loshchilov and Hutter 2019).",
    ),
    "adamax": Entry(
        "Adamax",
        _with(torch.optim.Adamax),
        (_lr(0.003), *_ADAM, _decay()),
        "Adam with the largest recent gradient in place of the root mean square (Kingma and Ba 2015).",
    ),
    "nadam": Entry(
        "NAdam",
        _with(torch.optim.NAdam),
        (
            _lr(0.003),
            *_ADAM,
            Knob(
                "momentum_decay",
                "Momentum decay",
                0.004,
                0.0,
                0.1,
                live=True,
                more=True,
                help="How beta 1 grows in over time.",
            ),
            _decay(),
        ),
        "Adam with Nesterov's look ahead (Dozat 2016).",
    ),
    "radam": Entry(
        "RAdam",
        _with(torch.optim.RAdam),
        (_lr(0.003), *_ADAM, _decay()),
        "Adam that waits with its divisor until enough gradients were seen (Liu et al. 2020).",
    ),
}


def labels(choices: Sequence[Choice]) -> tuple[str, ...]:
    """Name lanes by their optimizer, numbered where one comes more than once: "Adam 1", "Adam 2"."""
    return numbered([OPTIMIZERS[choice.name].label for choice in choices])


def set_knob(optimizer: Optimizer, name: str, value: float) -> None:
    """Turn a live knob; moments stay, but a velocity that is switched off is forgotten."""
    write_knob(optimizer, name, value)
    if name == "momentum" and value == 0:
        bring_to_rest(optimizer)
    elif name == "momentum" and isinstance(optimizer, torch.optim.RMSprop):
        begin_at_rest(optimizer)


def write_knob(optimizer: Optimizer, name: str, value: float) -> None:
    """Write a number into every parameter group."""
    for group in optimizer.param_groups:
        if name in ("beta1", "beta2"):
            beta1, beta2 = group["betas"]
            group["betas"] = (value, beta2) if name == "beta1" else (beta1, value)
        else:
            group[name] = value


def bring_to_rest(optimizer: Optimizer) -> None:
    """Stop the velocity; torch would keep it and go on with it once momentum is back."""
    for state in optimizer.state.values():
        if state.get("momentum_buffer") is not None:
            state["momentum_buffer"] = torch.zeros_like(state["momentum_buffer"])


def begin_at_rest(optimizer: Optimizer) -> None:
    """Give RMSprop a velocity of zero, which torch makes before its first update only."""
    for state in optimizer.state.values():
        if "momentum_buffer" not in state:
            state["momentum_buffer"] = torch.zeros_like(state["square_avg"])
