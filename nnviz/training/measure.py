"""Tensors become numbers here: everything a reader sees of a network, taken without disturbing it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from functools import partial

import torch
from torch import Tensor, nn

from nnviz.catalog.noise import Noise
from nnviz.catalog.task import ModelContext, Verdict
from nnviz.records.run import Evaluation, Floats, Histogram, Ints, Layer, Parameter, Record
from nnviz.training.experiment import Experiment
from nnviz.training.outputs import outputs_of
from nnviz.training.sights import SIGHTS
from nnviz.training.sights.taking import taken
from nnviz.training.threads import one_thread
from nnviz.training.views import Views, numbers, whole_numbers

BINS = 64
PROBED = 256  # test examples whose activations are shown
_NOTHING = Verdict(math.nan)


class Detail(StrEnum):
    """How much a record holds."""

    WHOLE = "whole"  # all, and a copy of every parameter
    FULL = "full"
    LAYERS = "layers"  # the layers' histograms alone; losses are nan
    SCORES = "scores"  # losses and accuracies


class Observer:
    """Measures one experiment again and again, which it does not disturb: fixed examples, targets and views.

    `like` is an observer of an experiment with the same data, whose targets are shared.
    """

    def __init__(self, experiment: Experiment, like: Observer | None = None) -> None:
        data, loss, task = experiment.data, experiment.loss, experiment.task
        count = experiment.family.measured
        self.experiment = experiment
        self._train = data.train_x[:count], data.train_y[:count], experiment.targets[:count]
        target: Tensor = like._test[2] if like else task.target(data.test_x, data.test_y, data, loss)
        self._test: tuple[Tensor, Tensor, Tensor] = data.test_x, data.test_y, target
        self._activation_x = data.test_x[:PROBED]
        self._views = Views(experiment)

    def measure(self, detail: Detail = Detail.FULL) -> Record:
        """Measure what a reader may want to see: by default losses, weights, gradients, activations and views."""
        experiment, is_full = self.experiment, detail in (Detail.FULL, Detail.WHOLE)
        with one_thread(), _evaluating(experiment.model):
            is_asked = detail != Detail.LAYERS
            train = self._judge(self._train) if is_asked else _NOTHING
            test = self._judge(self._test) if is_asked else _NOTHING
            seen = taken(experiment.family.sights, experiment.look) if is_full else {}
            return Record(
                step=experiment.step,
                epoch=experiment.epoch,
                seconds=experiment.seconds,
                train_loss=train.loss,
                test_loss=test.loss,
                train_accuracy=train.accuracy,
                test_accuracy=test.accuracy,
                scores=test.scores,
                layers=() if detail == Detail.SCORES else _layers(experiment, self._activation_x),
                parameters=_parameters(experiment) if is_full else (),
                values=_values(experiment) if detail == Detail.WHOLE else None,
                buffers=tuple(map(numbers, experiment.model.buffers())) if detail == Detail.WHOLE else None,
                sights=seen,
                films={name: sight for name, sight in seen.items() if SIGHTS[name].is_kept},
                **(self._views.take(experiment, test.answers) if is_full else {}),
            )

    def evaluate(self, *, with_train: bool) -> Evaluation:
        """Judge it on the test examples, or on both kinds; there is nothing to look at."""
        with one_thread(), _evaluating(self.experiment.model):
            test = self._judge(self._test)
            train = self._judge(self._train) if with_train else None
            return Evaluation(
                step=self.experiment.step,
                epoch=self.experiment.epoch,
                seconds=self.experiment.seconds,
                test_loss=test.loss,
                test_accuracy=test.accuracy,
                train_loss=train.loss if train else None,
                train_accuracy=train.accuracy if train else None,
                scores=test.scores,
            )

    def examples_to_evaluate(self, *, with_train: bool) -> int:
        """Count the examples that `evaluate` looks at."""
        return len(self._test[0]) + (len(self._train[0]) if with_train else 0)

    def _judge(self, examples: tuple[Tensor, Tensor, Tensor]) -> Verdict:
        return self.experiment.task.evaluate(_look(self.experiment), *examples)


def _look(experiment: Experiment) -> ModelContext:
    """Return the network with draws that are the same for every question and at every moment."""
    return replace(experiment.look, noise=Noise.fixed())


@contextmanager
def _evaluating(model: nn.Module) -> Iterator[None]:
    model.eval()
    try:
        yield
    finally:
        model.train()


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
    parts = experiment.layers
    outputs = outputs_of(partial(experiment.task.send, _look(experiment)), [part.output for part in parts], x)
    updates = _last_updates(experiment)
    return tuple(
        Layer(part.name, histogram(part.weight), _last_gradient(experiment, part.weight), histogram(output), update)
        for part, output, update in zip(parts, outputs, updates, strict=True)
    )


def _last_updates(experiment: Experiment) -> list[Histogram | None]:
    """Describe what the last update added to the weights of each layer."""
    parts = experiment.layers
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
        _parameter(name, value, start, before, gradient, experiment.step)
        for name, value, start, before, gradient in zip(
            flat.names,
            flat.views(now),
            flat.views(experiment.start),
            flat.views(experiment.before),
            flat.views(flat.gradient),
            strict=True,
        )
    )


def _parameter(name: str, value: Tensor, start: Tensor, before: Tensor, gradient: Tensor, step: int) -> Parameter:
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
        gradient=torch.linalg.vector_norm(gradient).item() if step else None,
    )
