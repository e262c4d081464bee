"""How the weights start; every draw comes from the experiment's own generator."""

import math
from collections.abc import Callable, Mapping

from torch import Generator, Tensor, nn

from nnviz.catalog.entry import Entry, Knob

Fill = Callable[[Tensor, Tensor | None, Generator], None]  # weight (out, in, ...), bias, generator: in place


def _zero_bias(draw: Callable[[Tensor, Generator], object]) -> Fill:
    def fill(weight: Tensor, bias: Tensor | None, generator: Generator) -> None:
        draw(weight, generator)
        if bias is not None:
            nn.init.zeros_(bias)

    return fill


def _default() -> Fill:
    def fill(weight: Tensor, bias: Tensor | None, generator: Generator) -> None:
        nn.init.kaiming_uniform_(weight, a=math.sqrt(5), generator=generator)
        if bias is not None:
            bound = 1 / math.sqrt(weight[0].numel())
            nn.init.uniform_(bias, -bound, bound, generator=generator)

    return fill


def _he_normal() -> Fill:
    return _zero_bias(lambda w, g: nn.init.kaiming_normal_(w, nonlinearity="relu", generator=g))


def _he_uniform() -> Fill:
    return _zero_bias(lambda w, g: nn.init.kaiming_uniform_(w, nonlinearity="relu", generator=g))


def _glorot_normal() -> Fill:
    return _zero_bias(lambda w, g: nn.init.xavier_normal_(w, generator=g))


def _glorot_uniform() -> Fill:
    return _zero_bias(lambda w, g: nn.init.xavier_uniform_(w, generator=g))


def _orthogonal() -> Fill:
    return _zero_bias(lambda w, g: nn.init.orthogonal_(w, generator=g))


def _normal(std: float) -> Fill:
    return _zero_bias(lambda w, g: nn.init.normal_(w, std=std, generator=g))


def _zeros() -> Fill:
    return _zero_bias(lambda w, g: nn.init.zeros_(w))


INITIALIZERS: Mapping[str, Entry[Fill]] = {
    "torch_default": Entry("torch default", _default, note="What nn.Linear does by itself: uniform, +-1/sqrt(inputs)."),
    "he_normal": Entry("He normal", _he_normal, note="Variance 2/inputs, made for ReLU (He et al. 2015, eq. 10)."),
    "he_uniform": Entry("He uniform", _he_uniform, note="The same variance 2/inputs from a uniform distribution."),
    "glorot_normal": Entry(
        "Glorot normal", _glorot_normal, note="Variance 2/(inputs + outputs), made for tanh (Glorot and Bengio 2010)."
    ),
    "glorot_uniform": Entry(
        "Glorot uniform", _glorot_uniform, note="The same variance from a uniform distribution (2010, eq. 16)."
    ),
    "orthogonal": Entry(
        "Orthogonal", _orthogonal, note="Rows or columns of length 1 at right angles (Saxe et al. 2014)."
    ),
    "normal": Entry(
        "Normal",
        _normal,
        (Knob("std", "Standard deviation", 0.1, 0.001, 3.0, log=True, help="Spread of the starting weights."),),
        note="One spread for every layer: too small and signals vanish, too large and they explode.",
    ),
    "zeros": Entry("Zeros", _zeros, note="All weights 0: every unit of a layer stays the same as its neighbours."),
}
