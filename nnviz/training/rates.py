"""The learning rates that the updates of an experiment were done with."""

from dataclasses import replace

import numpy as np

from nnviz.catalog.choices import knob_of
from nnviz.records.run import Curve, Doubles
from nnviz.training.experiment import Experiment


def frozen_curve(experiment: Experiment) -> Curve:
    """Return the losses with the rates of their updates, where these were not all the same."""
    curve = experiment.curve.freeze()
    fields = [player.field for player in experiment.players]
    turned = any(change.target == f"{field}.lr" for change in experiment.journal for field in fields)
    if curve.rates or not turned:
        return curve
    return replace(curve, rates=tuple(_turned(experiment, f"{field}.lr", curve.steps) for field in fields))


def _turned(experiment: Experiment, target: str, steps: Doubles) -> Doubles:
    """Return the rate of each update where nothing but a hand has changed it."""
    turns = [change for change in experiment.journal if change.target == target]
    values = np.array([knob_of(experiment.spec, target), *(change.value for change in turns)])
    places = np.searchsorted([change.step for change in turns], steps, side="left")
    return values[places]
