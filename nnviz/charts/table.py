"""The curves of a run as a table to take away."""

import csv
import io
from collections.abc import Iterator

from nnviz.records.run import Lane, Snapshot

HEAD = ("lane", "seed", "kind", "update", "epoch", "examples", "seconds", "loss", "accuracy")
Row = tuple[str | int | float | None, ...]


def curves_csv(snapshot: Snapshot) -> str:
    """Write every kept loss and accuracy, a line each, in full precision.

    kind: `train_batch`, the loss of an update on its own batch; `test` and, of a network alone, `train`: evaluated.
    """
    count = snapshot.scene.train_count if snapshot.scene else None
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEAD)
    for lane in snapshot.lanes:
        writer.writerows(_batches(lane, count))
        writer.writerows(_measured(lane, count))
    return text.getvalue()


def _batches(lane: Lane, count: int | None) -> Iterator[Row]:
    curve = lane.curve
    columns = (curve.steps, curve.epochs, curve.seconds, curve.losses)
    for step, epoch, seconds, loss in zip(*(column.tolist() for column in columns), strict=True):
        yield lane.label, lane.spec.seed, "train_batch", int(step), epoch, _examples(epoch, count), seconds, loss, None


def _measured(lane: Lane, count: int | None) -> Iterator[Row]:
    for part in lane.judged:
        moment = (part.step, part.epoch, _examples(part.epoch, count), part.seconds)
        if part.train_loss is not None:
            yield lane.label, lane.spec.seed, "train", *moment, part.train_loss, part.train_accuracy
        yield lane.label, lane.spec.seed, "test", *moment, part.test_loss, part.test_accuracy


def _examples(epoch: float, count: int | None) -> int | None:
    return None if count is None else round(epoch * count)
