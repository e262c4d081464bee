"""Tensors become numbers here: everything a reader sees of a network, taken without disturbing it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from nnviz.records import Floats, Histogram, Ints, Layer, Parameter, Record
from nnviz.training.outputs import outputs_of
from nnviz.training.threads import one_thread
from nnviz.training.views import Views, numbers, whole_numbers

if TYPE_CHECKING:
    from nnviz.training.experiment import Experiment

BINS = 64
PROBED = 256  # test examples whose activations are shown
TRAIN_EXAMPLES = 2000  # for the training loss of a record
CHUNK = 2048  # examples evaluated at once


class Detail(StrEnum):
    """How much a record holds."""

    WHOLE = "whole"  # all, and a copy of every parameter
    FULL = "full"
    LAYERS = "layers"  # losses, accuracies and the layers' histograms
    SCORES = "scores"  # losses and accuracies


class Probe:
    """What measuring needs again and again: fixed examples, targets and views of one experiment.

    `like` is the probe of an experiment with the same data, whose targets are shared.
    """

    def __init__(self, experiment: Experiment, like: Probe | None = None) -> None:
        data, loss = experiment.data, experiment.loss
        self.train_x = data.train_x[:TRAIN_EXAMPLES]
        self.train_y = data.train_y[:TRAIN_EXAMPLES]
        self.train_target = experiment.targets[:TRAIN_EXAMPLES]
        self.test_target: Tensor = like.test_target if like else loss.target(data.test_y, data)
        self.activation_x = data.test_x[:PROBED]
        self.views = Views(experiment)


def measure(experiment: Experiment, probe: Probe, detail: Detail = Detail.FULL) -> Record:
    """Evaluate on both splits and describe weights, gradients, activations and what the network sees."""
    is_full = detail in (Detail.FULL, Detail.WHOLE)
    with one_thread(), _evaluating(experiment.model):
        data = experiment.data
        train = _evaluate(experiment, probe.train_x, probe.train_target)
        test = _evaluate(experiment, data.test_x, probe.test_target)
        answers = experiment.loss.answer(test[1])
        train_answers = experiment.loss.answer(train[1])
        return Record(
            step=experiment.step,
            epoch=experiment.epoch,
            seconds=experiment.seconds,
            train_loss=train[0],
            test_loss=test[0],
            train_accuracy=_accuracy(train_answers, probe.train_y),
            test_accuracy=_accuracy(answers, data.test_y),
            layers=() if detail == Detail.SCORES else _layers(experiment, probe.activation_x),
            parameters=_parameters(experiment) if is_full else (),
            values=_values(experiment) if detail == Detail.WHOLE else None,
            **(probe.views.take(experiment, answers) if is_full else {}),
        )


@contextmanager
def _evaluating(model: nn.Module) -> Iterator[None]:
    model.eval()
    try:
        yield
    finally:
        model.train()


def _evaluate(experiment: Experiment, x: Tensor, target: Tensor) -> tuple[float, Tensor]:
    """Return the mean loss and the outputs, chunk by chunk."""
    outputs, total = [], 0.0
    for part, wanted in zip(torch.split(x, CHUNK), torch.split(target, CHUNK), strict=True):
        output = experiment.model(part)
        total += experiment.loss.value(output, wanted).item() * len(part)
        outputs.append(output)
    return total / len(x), torch.cat(outputs)


def _accuracy(answers: Tensor, y: Tensor) -> float | None:
    if y.is_floating_point():
        return None
    return (answers.argmax(1) == y).float().mean().item()


def histogram(values: Tensor) -> Histogram:
    """Count values in 64 equal bins between the smallest and the largest finite one."""
    values = values.detach().flatten().float()
    values = values if values.isfinite().all() else values[values.isfinite()]
    if not values.numel():
        return Histogram(0.0, 0.0, _one_bin(0))
    low, high = (bound.item() for bound in values.aminmax())
    if not low < high:
        return Histogram(low, high, _one_bin(values.numel()))
    values = values.cpu() if high - low < torch.finfo(torch.float32).max else values.cpu().double()
    return Histogram(low, high, whole_numbers(torch.histc(values, BINS, low, high)))


def _one_bin(count: int) -> Ints:
    counts = torch.zeros(BINS)
    counts[BINS // 2] = count
    return whole_numbers(counts)


def _layers(experiment: Experiment, x: Tensor) -> tuple[Layer, ...]:
    """Describe each layer by the values of its weights, of their last gradient and of its outputs."""
    parts = experiment.model.layers()
    outputs = outputs_of(experiment.model, [part.output for part in parts], x)
    updates = _last_updates(experiment)
    return tuple(
        Layer(part.name, histogram(part.weight), _last_gradient(experiment, part.weight), histogram(output), update)
        for part, output, update in zip(parts, outputs, updates, strict=True)
    )


def _last_updates(experiment: Experiment) -> list[Histogram | None]:
    """Describe what the last update added to the weights of each layer."""
    parts = experiment.model.layers()
    if not experiment.step:
        return [None] * len(parts)
    moved = experiment.flat.parameter.detach() - experiment.before
    by_place = {
        value.data_ptr(): change
        for value, change in zip(
            experiment.flat.views(experiment.flat.parameter.data), experiment.flat.views(moved), strict=True
        )
    }
    return [histogram(by_place[part.weight.data_ptr()]) for part in parts]


def _last_gradient(experiment: Experiment, weight: Tensor) -> Histogram | None:
    return histogram(weight.grad) if experiment.step and weight.grad is not None else None


def _values(experiment: Experiment) -> tuple[Floats, ...]:
    """Copy all parameters out, in the order of the parameter check."""
    return tuple(map(numbers, experiment.flat.views(experiment.flat.parameter)))


def _parameters(experiment: Experiment) -> tuple[Parameter, ...]:
    """Fill the parameter check: one row for each weight and bias."""
    flat = experiment.flat
    now = flat.parameter.detach()
    return tuple(
        _parameter(name, value, start, before, experiment.step)
        for name, value, start, before in zip(
            flat.names, flat.views(now), flat.views(experiment.start), flat.views(experiment.before), strict=True
        )
    )


def _parameter(name: str, value: Tensor, start: Tensor, before: Tensor, step: int) -> Parameter:
    std, mean = torch.std_mean(value, correction=0)
    size = torch.linalg.vector_norm(before).item()
    last = torch.linalg.vector_norm(value - before).item()
    return Parameter(
        name=name,
        shape=tuple(value.shape),
        count=value.numel(),
        first=tuple(value.flatten()[:4].tolist()),
        mean=mean.item(),
        std=std.item(),
        norm=torch.linalg.vector_norm(value).item(),
        moved=torch.linalg.vector_norm(value - start).item(),
        update_ratio=last / size if step and size > 0 else None,
    )
