"""How the weights start; every draw comes from the experiment's own generator."""

import math
from collections.abc import Callable, Mapping
from functools import partial

from torch import Generator, Tensor, nn

from nnviz.catalog.entry import Entry, Knob

# Their bodies are also what a script shows.
Fill = Callable[[Tensor, Tensor | None, Generator], None]  # weight (out, in, ...), bias, generator: in place
Draw = Callable[[Tensor, Generator], object]  # weight, generator: in place


def zero_bias(draw: Draw) -> Fill:
    """Draw the weight and begin with a bias of zero."""

    def fill(weight: Tensor, bias: Tensor | None, generator: Generator) -> None:
        draw(weight, generator)
        if bias is not None:
            nn.init.zeros_(bias)

    return fill


def torch_default() -> Fill:
    """Draw both as torch's own layers do by themselves."""

    def fill(weight: Tensor, bias: Tensor | None, generator: Generator) -> None:
        nn.init.kaiming_uniform_(weight, a=math.sqrt(5), generator=generator)
        if bias is not None:
            bound = 1 / math.sqrt(weight[0].numel())
            nn.init.uniform_(bias, -bound, bound, generator=generator)

    return fill


def he_normal(weight: Tensor, generator: Generator) -> None:
    """Draw from a normal distribution of variance 2 / inputs."""
    nn.init.kaiming_normal_(weight, nonlinearity="relu", generator=generator)


def he_uniform(weight: Tensor, generator: Generator) -> None:
    """Draw from a uniform distribution of variance 2 / inputs."""
    nn.init.kaiming_uniform_(weight, nonlinearity="relu", generator=generator)


def glorot_normal(weight: Tensor, generator: Generator) -> None:
    """Draw from a normal distribution of variance 2 / (inputs + outputs)."""
    nn.init.xavier_normal_(weight, generator=generator)


def glorot_uniform(weight: Tensor, generator: Generator) -> None:
    """Draw from a uniform distribution of variance 2 / (inputs + outputs)."""
    nn.init.xavier_uniform_(weight, generator=generator)


def orthogonal(weight: Tensor, generator: Generator) -> None:
    """Draw rows or columns of length 1 at right angles."""
    nn.init.orthogonal_(weight, generator=generator)


def zeros(weight: Tensor, generator: Generator) -> None:
    """Begin with nothing at all."""
    nn.init.zeros_(weight)


def normal(std: float) -> Fill:
    """Draw from a normal distribution of a given spread."""

    def draw(weight: Tensor, generator: Generator) -> None:
        nn.init.normal_(weight, std=std, generator=generator)

    return zero_bias(draw)


INITIALIZERS: Mapping[str, Entry[Fill]] = {
    "torch_default": Entry(
        "torch default", torch_default, note="What nn.Linear does by itself: uniform, +-1/sqrt(inputs)."
    ),
    "he_normal": Entry(
        "He normal", partial(zero_bias, he_normal), note="Variance 2/inputs, made for ReLU (He et al. 2015, eq. 10)."
    ),
    "he_uniform": Entry(
        "He uniform", partial(zero_bias, he_uniform), note="The same variance 2/inputs from a uniform distribution."
    ),
    "glorot_normal": Entry(
        "Glorot normal",
        partial(zero_bias, glorot_normal),
        note="Variance 2/(inputs + outputs), made for tanh (Glorot and Bengio 2010).",
    ),
    "glorot_uniform": Entry(
        "Glorot uniform",
        partial(zero_bias, glorot_uniform),
        note="The same variance from a uniform distribution (2010, eq. 16).",
    ),
    "orthogonal": Entry(
        "Orthogonal",
        partial(zero_bias, orthogonal),
        note="Rows or columns of length 1 at right angles (Saxe et al. 2014).",
    ),
    "normal": Entry(
        "Normal",
        normal,
        (Knob("std", "Standard deviation", 0.1, 0.001, 3.0, log=True, help="Spread of the starting weights."),),
        note="One spread for every layer: too small and signals vanish, too large and they explode.",
    ),
    "zeros": Entry(
        "Zeros",
        partial(zero_bias, zeros),
        note="All weights 0: every unit of a layer stays the same as its neighbours.",
    ),
}
