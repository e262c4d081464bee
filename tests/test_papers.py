"""The update rules as their papers print them, in numpy, against the catalogue's; wrong ones must not agree."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import count, islice
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from nnviz.catalog import OPTIMIZERS
from nnviz.records.run import Doubles
from nnviz.specs.experiment import Choice

UPDATES = 50
TOLERANCE = 1e-5
START = np.array([1.5, -2.0, 0.7, 3.0])
Gradient = Callable[[Doubles], Doubles]
Rule = Callable[..., Iterator[Doubles]]


def slope(x: Doubles) -> Doubles:
    """Differentiate |Ax - b|^2 / 2 + sum of cos(3x) / 4: least squares, badly scaled, with bumps."""
    a = np.array([[2.0, 0.3, 0.0, 0.1], [0.3, 1.0, 0.2, 0.0], [0.0, 0.2, 0.4, 0.1], [0.1, 0.0, 0.1, 0.2]])
    b = np.array([1.0, -0.5, 0.3, 2.0])
    gradient: Doubles = a.T @ (a @ x - b) - 0.75 * np.sin(3 * x)
    return gradient


# ---- the papers


def sgd(gradient: Gradient, x: Doubles, *, lr: float) -> Iterator[Doubles]:
    """Robbins and Monro 1951, with a step that stays."""
    while True:
        x = x - lr * gradient(x)
        yield x


def momentum(gradient: Gradient, x: Doubles, *, lr: float, momentum: float) -> Iterator[Doubles]:
    """Polyak 1964, the heavy ball: positions, no velocity; torch's velocity is the same while the rate stays."""
    before = x
    while True:
        x, before = x - lr * gradient(x) + momentum * (x - before), x
        yield x


def nag(gradient: Gradient, x: Doubles, *, lr: float, momentum: float) -> Iterator[Doubles]:
    """Sutskever et al. 2013, equations 3 and 4; torch keeps the point to which they look ahead."""
    velocity = np.zeros_like(x)
    while True:
        velocity = momentum * velocity - lr * gradient(x + momentum * velocity)
        x = x + velocity
        yield x + momentum * velocity


def adagrad(gradient: Gradient, x: Doubles, *, lr: float, lr_decay: float, eps: float) -> Iterator[Doubles]:
    """Duchi et al. 2011, figure 1 with the diagonal matrix; the decay of the rate is torch's own."""
    squares = np.zeros_like(x)
    for done in count():
        g = gradient(x)
        squares = squares + g**2
        x = x - lr / (1 + done * lr_decay) * g / (eps + np.sqrt(squares))
        yield x


def adadelta(gradient: Gradient, x: Doubles, *, lr: float, rho: float, eps: float) -> Iterator[Doubles]:
    """Zeiler 2012, algorithm 1; the rate is torch's own (the paper's is 1)."""
    squares, steps = np.zeros_like(x), np.zeros_like(x)
    while True:
        g = gradient(x)
        squares = rho * squares + (1 - rho) * g**2
        step = -np.sqrt(steps + eps) / np.sqrt(squares + eps) * g
        steps = rho * steps + (1 - rho) * step**2
        x = x + lr * step
        yield x


def rmsprop(
    gradient: Gradient, x: Doubles, *, lr: float, alpha: float, momentum: float, eps: float
) -> Iterator[Doubles]:
    """Hinton 2012, lecture 6e: the gradient over its root mean square; epsilon and momentum are torch's own."""
    squares, velocity = np.zeros_like(x), np.zeros_like(x)
    while True:
        g = gradient(x)
        squares = alpha * squares + (1 - alpha) * g**2
        velocity = momentum * velocity + g / (np.sqrt(squares) + eps)
        x = x - lr * velocity
        yield x


def adam(
    gradient: Gradient,
    x: Doubles,
    *,
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
    corrected: bool = True,
    power: int = -1,
    eps_inside: bool = False,
) -> Iterator[Doubles]:
    """Kingma and Ba 2015, algorithm 1; the last three make it wrong."""
    mean, squares = np.zeros_like(x), np.zeros_like(x)
    for t in count(1):
        g = gradient(x)
        mean = beta1 * mean + (1 - beta1) * g
        squares = beta2 * squares + (1 - beta2) * g**2
        mean_hat = mean / (1 - beta1**t) if corrected else mean
        squares_hat = squares / (1 - beta2**t) if corrected else squares
        scale = np.sqrt(squares_hat + eps) if eps_inside else np.sqrt(squares_hat) + eps
        x = x - lr * mean_hat * scale**power
        yield x


PAPERS: Mapping[str, Rule] = {
    "sgd": sgd,
    "momentum": momentum,
    "nag": nag,
    "adagrad": adagrad,
    "adadelta": adadelta,
    "rmsprop": rmsprop,
    "adam": adam,
}
SETTINGS: Mapping[str, tuple[dict[str, float], ...]] = {
    "sgd": ({}, {"lr": 0.01}, {"lr": 0.2, "weight_decay": 0.1}),
    "momentum": ({}, {"lr": 0.01, "momentum": 0.99}, {"momentum": 0.5, "weight_decay": 0.1}),
    "nag": ({}, {"lr": 0.01, "momentum": 0.99}, {"momentum": 0.5, "weight_decay": 0.1}),
    "adagrad": ({}, {"lr": 0.5, "eps": 0.1}, {"lr": 1.0, "lr_decay": 0.05, "weight_decay": 0.1}),
    "adadelta": ({}, {"lr": 3.0, "eps": 0.01}, {"rho": 0.5, "weight_decay": 0.1}),
    "rmsprop": ({}, {"lr": 0.03, "alpha": 0.9, "eps": 0.1}, {"momentum": 0.9, "weight_decay": 0.1}),
    "adam": ({}, {"lr": 0.1, "beta1": 0.5, "eps": 0.1}, {"lr": 0.03, "beta2": 0.9, "weight_decay": 0.1}),
}
CASES = [(name, knobs) for name, settings in SETTINGS.items() for knobs in settings]


def path_of(rule: Rule, name: str, knobs: Mapping[str, float]) -> Doubles:
    """Return the point after each update, one a row; weight decay is the slope of |x|^2 / 2 times it."""
    values = OPTIMIZERS[name].values(Choice(name, knobs))
    decay = values.pop("weight_decay")
    return np.array(list(islice(rule(lambda x: slope(x) + decay * x, START, **values), UPDATES)))


def path_of_catalogue(name: str, knobs: Mapping[str, float]) -> Doubles:
    """Return the parameter after each update of the catalogue's optimizer, one a row."""
    parameter = nn.Parameter(torch.from_numpy(START.copy()))
    optimizer = OPTIMIZERS[name].build([parameter], **OPTIMIZERS[name].values(Choice(name, knobs)))
    path = []
    for _ in range(UPDATES):
        parameter.grad = torch.from_numpy(slope(parameter.detach().numpy()))
        optimizer.step()
        path.append(parameter.detach().numpy().copy())
    return np.array(path)


def deviation(path: Doubles, other: Doubles) -> float:
    """Return the largest distance between two paths, relative to how far the second went from the start by then."""
    distance = np.linalg.norm(path - other, axis=1)
    return float((distance / np.linalg.norm(other - START, axis=1)).max())


def test_the_bumps_make_the_problem_one_that_is_not_convex() -> None:
    line = np.linspace(-1.0, 1.0, 201)[:, None] * np.eye(4)[3]
    slopes = np.array([slope(x)[3] for x in line])
    assert np.diff(slopes).min() < 0 < np.diff(slopes).max()


@pytest.mark.parametrize(("name", "knobs"), CASES)
def test_the_catalogue_does_what_the_paper_says(name: str, knobs: dict[str, float]) -> None:
    assert deviation(path_of(PAPERS[name], name, knobs), path_of_catalogue(name, knobs)) < TOLERANCE


@pytest.mark.parametrize("name", PAPERS)
def test_each_knob_is_turned_in_some_case_and_makes_another_path(name: str) -> None:
    assert {knob for knobs in SETTINGS[name] for knob in knobs} == {knob.name for knob in OPTIMIZERS[name].knobs}
    for knobs in SETTINGS[name]:
        right = path_of_catalogue(name, knobs)
        for knob in knobs:
            without = {other: value for other, value in knobs.items() if other != knob}
            assert deviation(path_of(PAPERS[name], name, without), right) > 100 * TOLERANCE


# ---- what must not agree


def adagrad_that_forgets(*arguments: Any, lr: float, lr_decay: float, eps: float) -> Iterator[Doubles]:
    return rmsprop(*arguments, lr=lr, alpha=0.9, momentum=0.0, eps=eps)


def adadelta_without_its_own_steps(*arguments: Any, lr: float, rho: float, eps: float) -> Iterator[Doubles]:
    return rmsprop(*arguments, lr=lr * eps**0.5, alpha=rho, momentum=0.0, eps=eps)


def rmsprop_that_sums(*arguments: Any, lr: float, alpha: float, momentum: float, eps: float) -> Iterator[Doubles]:
    return adagrad(*arguments, lr=lr, lr_decay=0.0, eps=eps)


WRONG: Mapping[str, tuple[str, Rule]] = {
    "Adam that multiplies by the root": ("adam", partial(adam, power=1)),
    "Adam without bias correction": ("adam", partial(adam, corrected=False)),
    "Adam with epsilon under the root": ("adam", partial(adam, eps_inside=True)),
    "momentum for NAG": ("nag", momentum),
    "NAG for momentum": ("momentum", nag),
    "Adagrad that forgets": ("adagrad", adagrad_that_forgets),
    "Adadelta without its own steps": ("adadelta", adadelta_without_its_own_steps),
    "RMSprop that sums": ("rmsprop", rmsprop_that_sums),
}


@pytest.mark.parametrize(("name", "rule"), WRONG.values(), ids=list(WRONG))
def test_a_wrong_rule_does_not_agree(name: str, rule: Rule) -> None:
    knobs = SETTINGS[name][1]
    assert deviation(path_of(rule, name, knobs), path_of_catalogue(name, knobs)) > 100 * TOLERANCE


@pytest.mark.parametrize("wrong", [{"power": 1}, {"corrected": False}])
def test_a_wrong_adam_does_not_agree_at_the_defaults_either(wrong: dict[str, Any]) -> None:
    assert deviation(path_of(partial(adam, **wrong), "adam", {}), path_of_catalogue("adam", {})) > 100 * TOLERANCE
