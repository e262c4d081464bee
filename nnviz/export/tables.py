"""The curves of a run as a table to take away."""

import csv
import io
from collections.abc import Iterator
from math import isnan

import numpy as np

from nnviz.catalog import MODELS
from nnviz.catalog.schedules import is_constant
from nnviz.export.kept import players_of
from nnviz.records.run import Doubles, Lane, Snapshot
from nnviz.training.rates import turned_rates

HEAD = ("lane", "seed", "kind", "update", "epoch", "examples", "seconds", "loss", "accuracy", "learning_rate")
Row = tuple[str | int | float | None, ...]


def curves_csv(snapshot: Snapshot, count: int | None = None) -> str:
    """Write every kept loss and accuracy, a line each, in full precision.

    kind: `train_batch`, the loss of an update on its own batch, and of two players `train_batch_generator` and so on;
    `test` and, of a network alone, `train`: evaluated.  learning_rate: that an update was done with.  count: training
    examples, where the snapshot does not tell.
    """
    count = snapshot.scene.train_count if snapshot.scene else count
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEAD)
    for lane in snapshot.lanes:
        writer.writerows(_batches(lane, count))
        writer.writerows(_measured(lane, count))
    return text.getvalue()


def _batches(lane: Lane, count: int | None) -> Iterator[Row]:
    curve = lane.curve
    kinds = [f"train_batch_{player}" for player in players_of(lane.spec)] or ["train_batch"]
    for kind, losses, rates in zip(kinds, (curve.losses, *curve.others), _rates(lane), strict=False):
        columns = (curve.steps, curve.epochs, curve.seconds, losses, rates)
        for step, epoch, seconds, loss, rate in zip(*(column.tolist() for column in columns), strict=True):
            moment = (int(step), epoch, _examples(epoch, count), seconds)
            yield lane.label, lane.spec.seed, kind, *moment, loss, None, None if isnan(rate) else rate


def _rates(lane: Lane) -> tuple[Doubles, ...]:
    """Return the learning rates of the updates, of each player; nan where they are not known."""
    fields, steps = MODELS[lane.spec.model.name].task.players, lane.curve.steps
    if is_constant(lane.spec):
        return tuple(turned_rates(lane.spec, field, lane.journal, steps, lane.earlier) for field in fields)
    return lane.curve.rates or tuple(np.full(len(steps), np.nan) for _ in fields)


def _measured(lane: Lane, count: int | None) -> Iterator[Row]:
    for part in lane.judged:
        moment = (part.step, part.epoch, _examples(part.epoch, count), part.seconds)
        if part.train_loss is not None:
            yield lane.label, lane.spec.seed, "train", *moment, part.train_loss, part.train_accuracy, None
        yield lane.label, lane.spec.seed, "test", *moment, part.test_loss, part.test_accuracy, None


def _examples(epoch: float, count: int | None) -> int | None:
    return None if count is None else round(epoch * count)
