"""What is wrong with the examples, or with how answers are compared with them."""

from math import e, isfinite, log, sqrt

import numpy as np

from nnviz.diagnosis.evidence import EARLY, NO_BETTER, afresh, both, is_known, judged, mended, smaller_rate
from nnviz.diagnosis.finding import Cure, Finding
from nnviz.records.run import DataSummary, Evaluation, Lane, Record
from nnviz.records.status import Status
from nnviz.words.diagnosis import FINDINGS
from nnviz.words.language import message

_LEARNT, _PATIENT, _WORSE = 0.15, 200, 1.05  # of accuracy above guessing, in training; updates; times guessing's cost
_LATE, _MOMENTS, _ACCURACIES = 2 / 3, 3, ("train_accuracy", "test_accuracy")  # of a run; evaluations; of each
_MOST, _MAPPED = 0.6, 0.5  # of the training examples in one class; of a class's test examples, taken for another
_WIDE = 3.0  # times the spread that first weights are made for
_RIGHT, _NEAR, _SOME = 0.8, 1.3, 4  # of the training examples; times the floor of the loss; classes
_ALIKE, _FLAT = 0.97, 0.2  # of the answers are the same; of the targets' spread


def raw(lane: Lane, scene: DataSummary) -> Finding | None:
    """Find inputs far larger than what first weights are made for."""
    size = max(abs(scene.input_mean), scene.input_std)
    if size < _WIDE or lane.step < 1 or not lane.measured:
        return None
    first, price = lane.measured[0].test_loss, (scene.chance or (float("nan"),))[0]
    told = {"mean": scene.input_mean, "std": scene.input_std, "first": first, "chance": price}
    text = message(FINDINGS.english["raw"], **told)
    return Finding("raw", 0, text, mended(lane, "raw_inputs") or _normalised(lane))


def _normalised(lane: Lane) -> Cure | None:
    """Begin anew with normalised inputs, where the data set has a knob for it; else a run that diverged slows down."""
    if "normalisation" in lane.spec.dataset.knobs:
        return afresh("normalise", dataset=lane.spec.dataset.with_knobs(normalisation="standard"))
    return smaller_rate(lane, lane.step) if lane.status == Status.DIVERGED else None


def unrelated(lane: Lane, scene: DataSummary) -> Finding | None:
    """Find that what is learnt from training examples says nothing about the test examples, and has not for a while.

    A single moment says little: what learns a hard picture slowly is right now in a few more examples, now in fewer.
    """
    (now, level), late = _now(lane, scene), [part for part in both(lane) if part.step >= _LATE * lane.step]
    if now is None or lane.step < _PATIENT or len(late) < _MOMENTS:
        return None
    train, test = (float(np.mean([getattr(part, name) or 0.0 for part in late])) for name in _ACCURACIES)
    chance = 3 * sqrt(level * (1 - level) / scene.test_count)  # three standard deviations
    is_worse = now.test_loss > _WORSE * (scene.chance or (0.0,))[0]
    if train < level + _LEARNT or abs(test - level) > max(chance, 0.02) or not is_worse:
        return None
    text = message(FINDINGS.english["unrelated"], train=train, test=test, chance=level)
    return Finding("unrelated", 0, text, mended(lane, "permuted_labels"))


def displaced(lane: Lane, scene: DataSummary) -> Finding | None:
    """Find that each class of the test examples is taken for one certain other class."""
    now, level = _now(lane, scene)
    table = next((record.confusion for record in reversed(lane.records) if record.confusion is not None), None)
    if now is None or table is None or lane.step < EARLY or (now.train_accuracy or 0.0) < level + _LEARNT:
        return None
    taken = np.argmax(table, axis=1)
    if (taken == np.arange(len(taken))).any() or len(set(taken.tolist())) < len(taken):
        return None
    counts = np.asarray(table, float)
    shares = counts.max(1) / np.maximum(counts.sum(1), 1)
    if np.median(shares) < _MAPPED:
        return None
    names = {"truth": scene.classes[0], "answer": scene.classes[int(taken[0])], "share": float(shares[0])}
    text = message(FINDINGS.english["displaced"], **names, train=now.train_accuracy, test=now.test_accuracy)
    return Finding("displaced", 0, text, mended(lane, "displaced_labels"))


def crowded(lane: Lane, scene: DataSummary) -> Finding | None:
    """Find that most training examples are of one class, at the expense of the others."""
    now, _ = _now(lane, scene)
    if now is None or len(scene.shares) < 3 or lane.step < EARLY:
        return None
    most = int(np.argmax(scene.shares))
    if scene.shares[most] < _MOST or (now.test_accuracy or 0.0) > (now.train_accuracy or 0.0) - _LEARNT:
        return None
    told = {"share": scene.shares[most], "name": scene.classes[most]}
    text = message(FINDINGS.english["crowded"], **told, train=now.train_accuracy, test=now.test_accuracy)
    return Finding("crowded", 0, text, mended(lane, "imbalance"))


def floored(lane: Lane, scene: DataSummary) -> Finding | None:
    """Find a cross-entropy that takes probabilities for logits: right answers, and a loss that cannot fall."""
    now, _ = _now(lane, scene)
    classes = len(scene.classes)
    if now is None or classes < _SOME or lane.spec.loss.name != "cross_entropy":
        return None
    floor = log(e + classes - 1) - 1  # of classes' outputs between 0 and 1
    losses = [part.train_loss or 0.0 for part in both(lane)]
    if (now.train_accuracy or 0.0) < _RIGHT or min(losses) < floor or losses[-1] > _NEAR * floor:
        return None
    text = message(FINDINGS.english["floored"], train=now.train_accuracy, loss=losses[-1], floor=floor)
    return Finding("floored", 0, text, mended(lane, "softmax_twice"))


def alike(lane: Lane, scene: DataSummary) -> Finding | None:
    """Find that every example gets the same answer: the majority, or the mean."""
    price, last = (scene.chance or (float("nan"),))[0], judged(lane)
    is_better = last is not None and isfinite(price) and last < NO_BETTER * price
    if lane.step < _PATIENT or last is None or is_better or not lane.records:
        return None
    same = _same_class(lane, scene) or _same_number(lane.records[-1], scene)
    if same is None:
        return None
    text = message(FINDINGS.english["alike"], answer=same, loss=last, chance=price)
    return Finding("alike", 0, text, mended(lane, "mixed_shapes"))


def _same_class(lane: Lane, scene: DataSummary) -> str | None:
    table = lane.records[-1].confusion
    if table is None or not table.sum():
        return None
    shares = table.sum(0) / table.sum()
    return scene.classes[int(np.argmax(shares))] if shares.max() >= _ALIKE else None


def _same_number(record: Record, scene: DataSummary) -> str | None:
    if record.fit is None or scene.targets is None:
        return None
    spread = float(np.std(scene.targets))
    return f"{float(np.mean(record.fit.mean)):.2g}" if float(np.std(record.fit.mean)) < _FLAT * spread else None


def _now(lane: Lane, scene: DataSummary) -> tuple[Evaluation | Record | None, float]:
    """Return the newest moment with both accuracies, and the accuracy of guessing."""
    known = (part for part in reversed(lane.measured) if is_known(part))
    found = (part for part in known if part.train_accuracy is not None and part.test_accuracy is not None)
    return (next(found, None) if len(scene.classes) > 1 else None), 1 / max(1, len(scene.classes))
