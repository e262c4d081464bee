"""What can be planted into a run on purpose, so that it can be found: mistakes that people make, one entry each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional as F

from nnviz.catalog import losses
from nnviz.catalog.data import Data, Split
from nnviz.catalog.datasets import DATASETS, classes_of
from nnviz.catalog.entry import Entry
from nnviz.catalog.losses import Loss
from nnviz.catalog.models import MODELS
from nnviz.catalog.task import PREDICT
from nnviz.specs.experiment import ExperimentSpec


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a mistake is made; the functions are also what a script shows.

    data(train_x, train_y, test_x, test_y, generator): the examples as they are then; the generator is the fault's own.
    start(model): changes the first weights in place.  value(output, target): is made small in place of the loss.
    fits(spec): whether the mistake can be made there.
    """

    fits: Callable[[ExperimentSpec], bool]
    data: Callable[[Tensor, Tensor, Tensor, Tensor, Generator], Split] | None = None
    start: Callable[[nn.Module], object] | None = None
    value: Callable[[Tensor, Tensor], Tensor] | None = None


def permute_labels(train_x: Tensor, train_y: Tensor, test_x: Tensor, test_y: Tensor, generator: Generator) -> Split:
    """Give each training example the label of another one."""
    order = torch.randperm(len(train_y), generator=generator)
    return train_x, train_y[order], test_x, test_y


def displace_labels(train_x: Tensor, train_y: Tensor, test_x: Tensor, test_y: Tensor, generator: Generator) -> Split:
    """Count the classes of the training examples from one, and those of the test examples from zero."""
    classes = int(train_y.max()) + 1
    return train_x, (train_y + 1) % classes, test_x, test_y


def crowd_out(train_x: Tensor, train_y: Tensor, test_x: Tensor, test_y: Tensor, generator: Generator) -> Split:
    """Keep all training examples of the first class, and of the others one in thirty."""
    others = (train_y != 0).nonzero().flatten()
    kept = torch.cat([(train_y == 0).nonzero().flatten(), others[::30]])
    return train_x[kept], train_y[kept], test_x, test_y


def raw_inputs(train_x: Tensor, train_y: Tensor, test_x: Tensor, test_y: Tensor, generator: Generator) -> Split:
    """Hand the inputs over as whole numbers from 0 to 255, as files hold them."""
    low, high = train_x.min(), train_x.max()
    train_x, test_x = ((255 * (x - low) / (high - low)).round() for x in (train_x, test_x))
    return train_x, train_y, test_x, test_y


def sink_biases(model: nn.Module) -> None:
    """Begin with biases of -10 before every activation."""
    with torch.no_grad():
        for layer in [layer for layer in model.children() if isinstance(layer, nn.Linear)][:-1]:
            layer.bias.fill_(-10.0)


def equal_weights(model: nn.Module) -> None:
    """Begin with one number in every weight."""
    with torch.no_grad():
        for layer in model.children():
            if isinstance(layer, nn.Linear):
                layer.weight.fill_(0.1)


def softmax_twice(output: Tensor, target: Tensor) -> Tensor:
    """Take the softmax of the outputs, and hand it to a loss that takes the softmax once more."""
    return F.cross_entropy(output.softmax(1), target)


def mixed_shapes(output: Tensor, target: Tensor) -> Tensor:
    """Take outputs of shape (N, 1) from targets of shape (N): each output from each target."""
    return (output - target.flatten()).square().mean()


def _has_labels(spec: ExperimentSpec) -> bool:
    return _predicts(spec) and classes_of(spec.dataset) > 1 and DATASETS[spec.dataset.name].kind != "text"


def _predicts(spec: ExperimentSpec) -> bool:
    return MODELS[spec.model.name].task is PREDICT


def _is_picture(spec: ExperimentSpec) -> bool:
    return _predicts(spec) and DATASETS[spec.dataset.name].kind == "picture"


def _is_bent_mlp(spec: ExperimentSpec) -> bool:
    return spec.model.name == "mlp" and bool(MODELS["mlp"].values(spec.model)["hidden"])


def _is_one_number(spec: ExperimentSpec) -> bool:
    is_number = spec.loss.name == "mse" and classes_of(spec.dataset) == 0
    return is_number and spec.model.name == "mlp" and DATASETS[spec.dataset.name].kind == "curve"


FAULTS: Mapping[str, Entry[Fault]] = {
    "permuted_labels": Entry(
        "Labels permuted",
        lambda: Fault(_has_labels, data=permute_labels),
        note="Each training example has the label of another one, as after sorting one file and not the other.",
    ),
    "displaced_labels": Entry(
        "Labels off by one",
        lambda: Fault(_has_labels, data=displace_labels),
        note="The training classes are counted from one, the test classes from zero.",
    ),
    "imbalance": Entry(
        "Classes out of balance",
        lambda: Fault(_has_labels, data=crowd_out),
        note="All training examples of the first class are there, and one in thirty of the others.",
    ),
    "raw_inputs": Entry(
        "Inputs from 0 to 255",
        lambda: Fault(_is_picture, data=raw_inputs),
        note="The inputs are whole numbers from 0 to 255, as files hold them, and not normalised.",
    ),
    "low_biases": Entry(
        "Biases of -10",
        lambda: Fault(_is_bent_mlp, start=sink_biases),
        note="The biases before every activation begin at -10, far below what the inputs can lift.",
    ),
    "equal_weights": Entry(
        "Equal first weights",
        lambda: Fault(_is_bent_mlp, start=equal_weights),
        note="Every weight begins at 0.1, so that all units of a layer are twins.",
    ),
    "softmax_twice": Entry(
        "Softmax before cross-entropy",
        lambda: Fault(lambda spec: _has_labels(spec) and spec.loss.name == "cross_entropy", value=softmax_twice),
        note="The network ends in a softmax, and the loss, which has one of its own, takes it for logits.",
    ),
    "mixed_shapes": Entry(
        "Shapes (N) and (N, 1)",
        lambda: Fault(_is_one_number, value=mixed_shapes),
        note="Outputs of shape (N, 1) minus targets of shape (N) give a table of all pairs, without a word of warning.",
    ),
}


def faults_for(spec: ExperimentSpec) -> list[str]:
    """List what can be planted into a run."""
    return [name for name, entry in FAULTS.items() if entry.build().fits(spec)]


def without_misfit(spec: ExperimentSpec) -> ExperimentSpec:
    """Take a fault out where it cannot be planted (any more)."""
    return spec if spec.fault is None or spec.fault.name in faults_for(spec) else spec.with_(fault=None)


def fault_of(spec: ExperimentSpec) -> Fault | None:
    """Return what is planted into a run, if anything is."""
    return FAULTS[spec.fault.name].build() if spec.fault is not None else None


def loss_of(spec: ExperimentSpec) -> Loss:
    """Return what a run makes small."""
    loss, fault = losses.loss_of(spec.loss), fault_of(spec)
    if fault is None or fault.value is None:
        return loss
    return replace(loss, value=fault.value, backward=None)


def spoilt(spec: ExperimentSpec, data: Data) -> Data:
    """Return the examples as a run gets them."""
    fault = fault_of(spec)
    if fault is None or fault.data is None:
        return data
    own = torch.Generator().manual_seed(spec.seed)
    train_x, train_y, test_x, test_y = fault.data(data.train_x, data.train_y, data.test_x, data.test_y, own)
    offset, scale = _brightness(data, train_x)
    return replace(
        data, train_x=train_x, train_y=train_y, test_x=test_x, test_y=test_y, offset=offset, scale=scale
    )  # fmt: skip


def _brightness(data: Data, x: Tensor) -> tuple[float, float]:
    """Return how the inputs of pictures become brightness, where they were moved and stretched on the whole."""
    low, high = data.train_x.min().item(), data.train_x.max().item()
    stretched = (high - low) / (x.max() - x.min()).item()
    scale = data.scale * stretched
    return data.offset + data.scale * low - scale * x.min().item(), scale
