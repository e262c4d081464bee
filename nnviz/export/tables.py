"""The curves of a run as a table to take away."""

import csv
import io
from collections.abc import Iterator

from nnviz.export.kept import players_of
from nnviz.records.run import Lane, Snapshot

HEAD = ("lane", "seed", "kind", "update", "epoch", "examples", "seconds", "loss", "accuracy")
Row = tuple[str | int | float | None, ...]


def curves_csv(snapshot: Snapshot, count: int | None = None) -> str:
    """Write every kept loss and accuracy, a line each, in full precision.

    kind: `train_batch`, the loss of an update on its own batch, and of two players `train_batch_generator` and so on;
    `test` and, of a network alone, `train`: evaluated.  count: training examples, where the snapshot does not tell.
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
    for kind, losses in zip(kinds, (curve.losses, *curve.others), strict=False):
        columns = (curve.steps, curve.epochs, curve.seconds, losses)
        for step, epoch, seconds, loss in zip(*(column.tolist() for column in columns), strict=True):
            yield lane.label, lane.spec.seed, kind, int(step), epoch, _examples(epoch, count), seconds, loss, None


def _measured(lane: Lane, count: int | None) -> Iterator[Row]:
    for part in lane.judged:
        moment = (part.step, part.epoch, _examples(part.epoch, count), part.seconds)
        if part.train_loss is not None:
            yield lane.label, lane.spec.seed, "train", *moment, part.train_loss, part.train_accuracy
        yield lane.label, lane.spec.seed, "test", *moment, part.test_loss, part.test_accuracy


def _examples(epoch: float, count: int | None) -> int | None:
    return None if count is None else round(epoch * count)
