"""What the data of an experiment looks like, as numbers."""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from nnviz.catalog import DATASETS
from nnviz.catalog.data import Data
from nnviz.records.run import DataSummary
from nnviz.training.arrays import numbers, pictures
from nnviz.training.chance import chance
from nnviz.training.experiment import Experiment

MOST_POINTS = 500  # of each split
PICTURES = 25


def scene(experiment: Experiment) -> DataSummary:
    """Describe an experiment's data: its kind, its size and a bounded part of it to draw."""
    data = experiment.data
    points: dict[str, Any] = {}
    inputs = data.train_x[: experiment.family.measured]
    if data.inputs <= 2:
        train, test = data.train_x[:MOST_POINTS], data.test_x[:MOST_POINTS]
        targets = torch.cat([data.train_y[:MOST_POINTS], data.test_y[:MOST_POINTS]]).float()
        points = {
            "points": numbers(torch.cat([train, test])),
            "targets": numbers(targets.reshape(len(targets), -1)[:, 0]),
            "is_test": _later(len(targets), len(train)),
        }
    return DataSummary(
        dataset=DATASETS[experiment.spec.dataset.name].label,
        is_classes=bool(data.classes) and experiment.task.is_scored,
        classes=data.classes,
        inputs=data.inputs,
        outputs=experiment.task.outputs(data, experiment.loss),
        train_count=len(data.train_x),
        test_count=len(data.test_x),
        picture=data.picture,
        metric_name=experiment.task.metric_name,
        players=tuple(experiment.task.players.values()) if len(experiment.task.players) > 1 else (),
        instruments=experiment.family.instruments,
        shares=_shares(data),
        input_mean=inputs.mean().item(),
        input_std=inputs.std(correction=0).item(),
        chance=chance(experiment),
        image=pictures(data, data.test_x[:PICTURES]) if data.picture else None,
        **points,
    )


def _shares(data: Data) -> tuple[float, ...]:
    """Return which share of the training examples is of each class; () where a class is no answer to the whole."""
    if not data.classes or data.train_y.dim() > 1:
        return ()
    counts = torch.bincount(data.train_y, minlength=len(data.classes))
    return tuple((counts / len(data.train_y)).tolist())


def _later(count: int, first: int) -> NDArray[np.bool_]:
    """Return `count` flags that nobody can write to, true from `first` on."""
    flags = np.arange(count) >= first
    flags.flags.writeable = False
    return flags
