"""What one network sees: its field, its fitted curve, its test pictures, its filters."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from nnviz.catalog.models import MLP
from nnviz.records.run import Field, Fit, Floats, Gallery, Ints
from nnviz.training.experiment import Experiment
from nnviz.training.outputs import outputs_of

GRID = 48  # rows and columns of a field
HIDDEN_GRID = 24
MOST_HIDDEN = 16  # units drawn for each hidden layer
MOST_DRAWN = 32  # units of each layer of a network that is drawn
MOST_EDGES = 250  # of one that is drawn though a layer has more
MOST_FILTERS = 64
PICTURES = 25


class Views:
    """The views that fit one experiment's data and network."""

    def __init__(self, experiment: Experiment) -> None:
        data = experiment.data
        inputs = torch.cat([data.train_x[:5000], data.test_x[:5000]])[:5000]  # without copying a large set
        self._low, self._high = padded_range(inputs) if data.inputs <= 2 else (inputs[0], inputs[0])
        self._grid = _plane(self._low, self._high) if data.inputs == 2 else None
        self._line = _segment(self._low, self._high) if data.inputs == 1 else None
        is_chain = isinstance(experiment.model, MLP)
        self._is_small = is_chain and _is_drawable(_weights(experiment))
        self._sample = torch.arange(min(PICTURES, len(data.test_x)))

    def take(self, experiment: Experiment, answers: Tensor | None) -> dict[str, Any]:
        """Return the fields of a Record that this experiment has; `answers`: for the test set, where there are any."""
        views: dict[str, Any] = {} if answers is None else self._answered(experiment, answers)
        if self._is_small:
            views["weights"] = tuple(numbers(weight) for weight in _weights(experiment))
        return views

    def _answered(self, experiment: Experiment, answers: Tensor) -> dict[str, Any]:
        views: dict[str, Any] = {}
        data = experiment.data
        if self._grid is not None:
            views["field"] = self._field(experiment, self._grid)
        if self._line is not None and not data.classes:
            views["fit"] = _fit(experiment, self._line)
        if data.classes:
            views["confusion"] = confusion(data.test_y, answers.argmax(1), len(data.classes))
        if data.picture:
            views |= self._pictures(experiment, answers)
        return views

    def _field(self, experiment: Experiment, grid: Tensor) -> Field:
        outputs = [part.output for part in experiment.layers]
        *hidden, last = outputs_of(experiment.model, outputs, grid)
        answer = experiment.loss.answer(last)
        (x0, y0), (x1, y1) = self._low.tolist(), self._high.tolist()
        coarse = slice(None, None, GRID // HIDDEN_GRID)
        return Field(
            (x0, x1),
            (y0, y1),
            _maps(answer[:, 1:] if answer.shape[1] == 2 else answer),
            tuple(_maps(layer[:, :MOST_HIDDEN])[:, coarse, coarse] for layer in hidden),
        )

    def _pictures(self, experiment: Experiment, answers: Tensor) -> dict[str, Any]:
        truth = experiment.data.test_y
        right = answers.gather(1, truth.unsqueeze(1)).squeeze(1)
        order = torch.sort(right, stable=True).indices
        worst = order[answers.argmax(1)[order] != truth[order]][:PICTURES]
        return {
            "gallery": _gallery(experiment, answers, worst),
            "sample": _gallery(experiment, answers, self._sample.to(truth.device)),
            "filters": _filters(experiment),
        }


def _is_drawable(weights: list[Tensor]) -> bool:
    tallest = max(size for weight in weights for size in weight.shape)
    return tallest <= MOST_DRAWN or sum(weight.numel() for weight in weights) <= MOST_EDGES


def padded_range(inputs: Tensor, share: float = 0.1) -> tuple[Tensor, Tensor]:
    """Return the smallest and largest input of each column with some room around."""
    low, high = inputs.aminmax(dim=0)
    room = (high - low).clamp_min(1e-3) * share
    return low - room, high + room


def _plane(low: Tensor, high: Tensor) -> Tensor:
    """Return (GRID * GRID, 2) inputs, rows bottom to top."""
    steps = torch.linspace(0, 1, GRID, device=low.device).unsqueeze(1) * (high - low) + low
    return torch.cartesian_prod(steps[:, 1], steps[:, 0]).flip(1)


def _segment(low: Tensor, high: Tensor) -> Tensor:
    return torch.linspace(0, 1, 200, device=low.device).unsqueeze(1) * (high - low) + low


def _maps(values: Tensor) -> Floats:
    """Turn (GRID * GRID, n) into (n, GRID, GRID)."""
    return numbers(values.t().reshape(-1, GRID, GRID))


def _fit(experiment: Experiment, line: Tensor) -> Fit:
    output = experiment.model(line)
    sigma = experiment.loss.sigma
    mean = experiment.loss.answer(output)[:, 0]
    return Fit(numbers(line[:, 0]), numbers(mean), None if sigma is None else numbers(sigma(output)[:, 0]))


def confusion(truth: Tensor, predicted: Tensor, classes: int) -> Ints:
    """Count test examples by truth (rows) and prediction (columns)."""
    counts = torch.bincount((truth * classes + predicted).flatten(), minlength=classes * classes)
    return whole_numbers(counts.view(classes, classes))


def pictures(experiment: Experiment, x: Tensor) -> Floats:
    """Turn rows of inputs back into brightness from 0 to 1: (examples, rows, columns)."""
    data = experiment.data
    assert data.picture is not None
    return numbers((x * data.scale + data.offset).clamp(0, 1).view(-1, *data.picture))


def _gallery(experiment: Experiment, answers: Tensor, chosen: Tensor) -> Gallery:
    data = experiment.data
    picked = answers[chosen]
    predicted = picked.argmax(1)
    confidence = picked.gather(1, predicted.unsqueeze(1)).squeeze(1)
    return Gallery(
        pictures(experiment, data.test_x[chosen]),
        whole_numbers(data.test_y[chosen]),
        whole_numbers(predicted),
        numbers(confidence),
    )


def _filters(experiment: Experiment) -> Floats | None:
    weight = _weights(experiment)[0][:MOST_FILTERS]
    if weight.dim() == 4:  # a convolution's: the mean over the channels that it looks at
        return numbers(weight.mean(1))
    pixels = experiment.data.inputs
    return numbers(weight.reshape(-1, *(experiment.data.picture or ()))) if weight.shape[1] == pixels else None


def _weights(experiment: Experiment) -> list[Tensor]:
    return [part.weight.detach() for part in experiment.layers]


def numbers(tensor: Tensor) -> Floats:
    """Copy a tensor out as float32 numbers that nobody can write to."""
    array = tensor.detach().cpu().float().numpy().copy()
    array.flags.writeable = False
    return array


def whole_numbers(tensor: Tensor) -> Ints:
    """Copy a tensor out as whole numbers that nobody can write to."""
    array = tensor.detach().cpu().numpy().astype(np.int64)
    array.flags.writeable = False
    return array
