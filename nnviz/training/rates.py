"""The learning rates that the updates of an experiment were done with."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from nnviz.catalog.choices import knob_of
from nnviz.records.run import Curve, Doubles
from nnviz.specs.branches import Leg
from nnviz.specs.experiment import Change, ExperimentSpec
from nnviz.training.experiment import Experiment


def frozen_curve(experiment: Experiment, earlier: Sequence[Leg] = ()) -> Curve:
    """Return the losses with the rates of their updates, where these were not all the same.

    earlier: the optimizers that it had before its present one.
    """
    curve = experiment.curve.freeze()
    fields = [player.field for player in experiment.players]
    turned = any(change.target == f"{field}.lr" for change in experiment.journal for field in fields)
    if curve.rates or not turned:
        return curve
    spec, journal = experiment.spec, experiment.journal
    return replace(curve, rates=tuple(turned_rates(spec, field, journal, curve.steps, earlier) for field in fields))


def turned_rates(
    spec: ExperimentSpec, field: str, journal: Iterable[Change], steps: Doubles, earlier: Sequence[Leg] = ()
) -> Doubles:
    """Return a player's rate at each of some updates where nothing but a hand has changed it."""
    starts = [0, *(leg.until for leg in earlier)]
    optimizers = [*(leg.optimizer for leg in earlier), spec.optimizer]
    turns, found = [change for change in journal if change.target == f"{field}.lr"], np.full(len(steps), np.nan)
    for start, optimizer in zip(starts, optimizers, strict=True):
        own = [change for change in turns if change.step >= start]
        first = knob_of(spec.with_(optimizer=optimizer), f"{field}.lr")
        values = np.array([first, *(change.value for change in own)])
        rates = values[np.searchsorted([change.step for change in own], steps, side="left")]
        found = np.where(steps > start, rates, found)
    return found
