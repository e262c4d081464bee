"""Which weights a hand may set while a network trains, and to what."""

import math
from itertools import pairwise

import torch

from nnviz.catalog.data import Data
from nnviz.catalog.datasets import DATASETS, classes_of
from nnviz.catalog.losses import LOSSES
from nnviz.catalog.models import MODELS, hidden_units
from nnviz.specs.experiment import ExperimentSpec
from nnviz.specs.weight_name import weight_place, weight_target
from nnviz.words import errors
from nnviz.words.language import message

REACH = 100.0  # of a weight set by hand, either way
_INPUTS = {"points": 2, "curve": 1}  # by the kind of data: more cannot be drawn one by one


def check_weight(spec: ExperimentSpec, target: str, value: float) -> float:
    """Return the value of a weight to be set, or raise ValueError naming what can be."""
    layer, row, column = weight_place(target) or (0, 0, 0)
    shapes = list(pairwise(sizes_of(spec)))
    if not 1 <= layer <= len(shapes) or row >= shapes[layer - 1][1] or column >= shapes[layer - 1][0]:
        last = (weight_target(at, out - 1, into - 1) for at, (into, out) in enumerate(shapes, 1))
        raise ValueError(message(errors.CHOICES["weight"], target=target, choices=errors.listed(last)))
    if not math.isfinite(value) or abs(value) > REACH:
        raise ValueError(message(errors.NUMBERS["number_from"], name=target, low=-REACH, high=REACH, value=value))
    return float(value)


def sizes_of(spec: ExperimentSpec) -> tuple[int, ...]:
    """Return the units of each layer of an MLP of one or two inputs, inputs and outputs too; () of any other."""
    inputs = _INPUTS.get(DATASETS[spec.dataset.name].kind, 0)
    if spec.model.name != "mlp" or not inputs:
        return ()
    hidden = hidden_units(MODELS["mlp"].values(spec.model)["hidden"])
    none = torch.zeros(1, 1)
    data = Data(none, none, none, none, classes=("",) * classes_of(spec.dataset))
    return (inputs, *hidden, LOSSES[spec.loss.name].build().outputs(data))
