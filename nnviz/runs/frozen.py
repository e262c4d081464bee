"""A lane as it is shown: a frozen copy of where its training stands."""

from dataclasses import replace

from nnviz.records.run import Lane
from nnviz.training import Experiment
from nnviz.training.rates import frozen_curve


def trained(lane: Lane, experiment: Experiment) -> Lane:
    """Return a lane with what its experiment has come to."""
    return replace(
        lane, step=experiment.step, epoch=experiment.epoch, seconds=experiment.seconds,
        curve=frozen_curve(experiment, lane.earlier), marks=experiment.marks, journal=experiment.journal,
        pending=experiment.pending, knobs=experiment.knobs, order_hash=experiment.batches.name(),
        rates=experiment.scheduled.rates if experiment.scheduled else (), recent=experiment.losses.freeze(),
    )  # fmt: skip
