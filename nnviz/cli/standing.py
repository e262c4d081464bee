"""Where a run stands, in one line."""

from collections.abc import Iterator
from math import isfinite

from nnviz.records.run import Lane, Snapshot
from nnviz.words.cli import STANDING
from nnviz.words.metrics import LOSS, METRICS

_MOST_RANKED = 16


def standing(snapshot: Snapshot) -> str:
    """Tell the update, the epoch and the newest losses; of several lanes those of the one that leads."""
    if snapshot.scene is None:
        return STANDING["starting"]
    return " · ".join([_update(snapshot), _epoch(snapshot), *_losses(snapshot), *_judged(snapshot)])


def brief_standing(snapshot: Snapshot, room: int) -> str:
    """Tell as much of it as there is room for, in characters, the most telling first."""
    if snapshot.scene is None:
        return STANDING["starting"]
    rate = STANDING["rate"].format(rate=snapshot.updates_per_second)
    where = [_epoch(snapshot), _update(snapshot)] if snapshot.lanes[0].spec.epochs else [_update(snapshot)]
    parts = [where[0], *_judged(snapshot), *_losses(snapshot), *where[1:], rate]
    while len(told := " · ".join(parts)) > room and len(parts) > 1:
        parts.pop()
    return told


def ranking(snapshot: Snapshot) -> Iterator[str]:
    """Tell how well each of several lanes does, the best first; nothing where they are too many to read."""
    judged = sorted((lane for lane in snapshot.lanes if lane.measured), key=_test_loss)
    if snapshot.scene is None or not 1 < len(judged) <= _MOST_RANKED:
        return
    names = [_name(lane, snapshot) for lane in judged]
    width = max(map(len, names))
    for lane, name in zip(judged, names, strict=True):
        yield f"  {name:{width}}  {' · '.join(_figures(lane, snapshot.scene.metric_name))}"


def _name(lane: Lane, snapshot: Snapshot) -> str:
    """Name a lane, by its seed too where several share its label."""
    is_alone = sum(other.label == lane.label for other in snapshot.lanes) == 1
    return lane.label if is_alone else STANDING["seeded"].format(lane=lane.label, seed=lane.spec.seed)


def _update(snapshot: Snapshot) -> str:
    return STANDING["update"].format(step=max(lane.step for lane in snapshot.lanes))


def _epoch(snapshot: Snapshot) -> str:
    foremost = max(snapshot.lanes, key=lambda lane: lane.step)
    epochs = foremost.spec.epochs
    return STANDING["epoch_of" if epochs else "epoch"].format(epoch=foremost.epoch, epochs=epochs)


def _losses(snapshot: Snapshot) -> Iterator[str]:
    """Tell the loss of the last kept update of a network alone."""
    losses = snapshot.lanes[0].curve.losses
    if len(snapshot.lanes) == 1 and len(losses):
        yield STANDING["loss"].format(loss=losses[-1])


def _judged(snapshot: Snapshot) -> Iterator[str]:
    """Tell how well the leader does on test examples."""
    leader = min((lane for lane in snapshot.lanes if lane.measured), key=_test_loss, default=None)
    if leader is None:
        return
    if len(snapshot.lanes) > 1:
        yield STANDING["leads"].format(lane=_name(leader, snapshot))
    yield from _figures(leader, snapshot.scene.metric_name if snapshot.scene else LOSS)


def _figures(lane: Lane, metric: str) -> Iterator[str]:
    newest = lane.measured[-1]
    yield STANDING["test"].format(metric=METRICS[metric], loss=newest.test_loss)
    if newest.test_accuracy is not None:
        yield STANDING["accuracy"].format(percent=100 * newest.test_accuracy)


def _test_loss(lane: Lane) -> float:
    loss = lane.measured[-1].test_loss
    return loss if isfinite(loss) else float("inf")
