"""Weights that a hand may set, by their name in torch: `lin_1.weight.2.0` is `weight[2, 0]`."""

import re

from nnviz.words import messages
from nnviz.words.language import Message, message

_NAME = re.compile(r"lin_([1-9]\d?)\.weight\.(0|[1-9]\d{0,3})\.(0|[1-9]\d{0,3})")


def weight_target(layer: int, row: int, column: int) -> str:
    """Name the weight of a layer (from 1) from one unit (its column) to another (its row), both from 0."""
    return f"lin_{layer}.weight.{row}.{column}"


def weight_place(target: str) -> tuple[int, int, int] | None:
    """Read such a name: layer from 1, row and column from 0; None for any other target."""
    found = _NAME.fullmatch(target)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def weight_label(target: str) -> Message:
    """Name a weight for readers."""
    layer, row, column = weight_place(target) or (0, 0, 0)
    return message(messages.CHANGE["weight"], layer=layer, unit=row + 1, source=column + 1)
