"""Which parameters weight decay pulls at."""

from collections.abc import Mapping
from typing import Any

from torch import nn

from nnviz.catalog.entry import Entry


def groups_of(network: nn.Module) -> list[dict[str, Any]]:
    """Part parameters into weights, which decay, and biases, scales and shifts, which do not."""
    weights = [each for each in network.parameters() if each.dim() > 1]
    others = [each for each in network.parameters() if each.dim() <= 1]
    return [{"params": weights}, {"params": others, "weight_decay": 0.0}]


# Built: whether only weights decay.
DECAYS: Mapping[str, Entry[bool]] = {
    "all": Entry(
        "All parameters",
        lambda: False,
        note="Weight decay pulls at biases, and at the scales and shifts of normalisation, as at weights: what torch "
        "does unless it is told otherwise.",
    ),
    "weights": Entry(
        "Weights only",
        lambda: True,
        note="Weight decay leaves biases, and the scales and shifts of normalisation, alone.",
    ),
}
