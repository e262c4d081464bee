"""The multilayer perceptron: affine layers with an activation between."""

from collections import OrderedDict
from dataclasses import replace
from itertools import pairwise

from torch import nn
from torch.nn.utils import skip_init

from nnviz.catalog.activations import Activation
from nnviz.catalog.data import Data
from nnviz.catalog.entry import Knob, switch
from nnviz.catalog.family import Family
from nnviz.catalog.networks.norm import BatchNorm
from nnviz.catalog.parts import Part, parts_of
from nnviz.specs.experiment import Value
from nnviz.words import errors
from nnviz.words.language import message

MOST_LAYERS = 10
MOST_UNITS = 1024


class MLP(nn.Sequential):
    """Affine layers `lin_1`, `lin_2`, ... with the activation between them; weights are not yet set.

    Batch normalisation stands before an activation, dropout behind it; `is_plain` where there is neither.
    """

    def __init__(
        self,
        inputs: int,
        hidden: tuple[int, ...],
        outputs: int,
        activation: Activation,
        dropout: float = 0.0,
        batch_norm: bool = False,
    ) -> None:
        widths = (inputs, *hidden, outputs)
        parts: OrderedDict[str, nn.Module] = OrderedDict()
        for number, (before, after) in enumerate(pairwise(widths), 1):
            # skip_init: the usual constructor would draw from torch's global generator
            parts[f"lin_{number}"] = skip_init(nn.Linear, before, after)  # type: ignore[no-untyped-call]
            if number <= len(hidden):
                parts |= _bend(number, after, activation, dropout, batch_norm)
        super().__init__(parts)
        self.activation = activation
        self.is_plain = not dropout and not batch_norm

    @property
    def linears(self) -> list[nn.Linear]:
        """The affine layers, first to last."""
        return [part for part in self if isinstance(part, nn.Linear)]

    def layers(self) -> list[Part]:
        """List the affine layers, first to last."""
        return parts_of(self)


def _bend(
    number: int, units: int, activation: Activation, dropout: float, batch_norm: bool
) -> OrderedDict[str, nn.Module]:
    """Make what follows a hidden layer."""
    parts: OrderedDict[str, nn.Module] = OrderedDict()
    if batch_norm:
        parts[f"norm_{number}"] = BatchNorm(units)
    parts[f"act_{number}"] = activation.module()
    if dropout:
        parts[f"drop_{number}"] = nn.Dropout(dropout)
    return parts


def hidden_units(text: Value) -> tuple[int, ...]:
    """Read "256,128" as (256, 128); "" is no hidden layer."""
    words = str(text).replace(" ", "").split(",") if str(text).strip() else []
    is_good = all(word.isascii() and word.isdigit() and 1 <= int(word[:9]) <= MOST_UNITS for word in words)
    if not is_good or len(words) > MOST_LAYERS:
        raise ValueError(message(errors.NUMBERS["hidden"], layers=MOST_LAYERS, units=MOST_UNITS, value=text))
    return tuple(int(word) for word in words)


def canonical_hidden(text: Value) -> str:
    """Write hidden layers the one way: "256, 128" as "256,128"."""
    return ",".join(map(str, hidden_units(text)))


def _mlp(data: Data, outputs: int, activation: Activation, hidden: str, dropout: float, batch_norm: str) -> MLP:
    return MLP(data.inputs, hidden_units(hidden), outputs, activation, float(dropout), batch_norm == "on")


FAMILY = Family(
    "MLP",
    _mlp,
    (
        Knob(
            "hidden",
            "Hidden layers",
            "32",
            check=canonical_hidden,
            help="Units of each hidden layer, first to last. More units can bend the answer in more places.",
        ),
        Knob(
            "dropout",
            "Dropout",
            0.0,
            0.0,
            0.9,
            more=True,
            help="In training this share of a hidden layer's outputs is set to zero, drawn anew for every batch; the "
            "others are scaled up to make up for it. In evaluation nothing is dropped.",
        ),
        replace(
            switch(
                "batch_norm",
                "Batch normalisation",
                "off",
                "Brings each hidden unit to mean 0 and variance 1 over its batch, before the activation; in evaluation "
                "by running averages. It needs batches of two or more; where an epoch leaves one example over, that is "
                "normalised by the averages, too.",
            ),
            more=True,
        ),
    ),
    note="Affine layers with an activation between: y = W x + b, bent, and again.",
)
