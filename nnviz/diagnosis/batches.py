"""What is wrong with how examples come into batches, and where training begins."""

import numpy as np

from nnviz.diagnosis.evidence import EARLY, afresh, both, guessed, late
from nnviz.diagnosis.finding import Cure, Finding
from nnviz.records.run import DataSummary, Lane
from nnviz.specs.experiment import Choice
from nnviz.words.diagnosis import CURES, FINDINGS
from nnviz.words.language import message

_EPOCHS, _SWING = 2.0, 4.0  # of training; times the least loss of an epoch's parts
_FEW, _USUAL, _APART = 3, 32, 1.3  # examples in a batch; times the loss that is measured
_FAR, _SOON = 4.0, 60  # times what guessing costs; updates in which some come over it


def unshuffled(lane: Lane, scene: DataSummary) -> Finding | None:
    """Find batches that come sorted, so that each undoes what the ones before have taught."""
    curve, size = lane.curve, int(lane.knobs.get("batch_size", lane.spec.batch_size))
    if lane.spec.order.name != "sorted" or lane.epoch < _EPOCHS or not len(curve.losses):
        return None
    own = curve.losses[curve.epochs > curve.epochs[-1] - 1]
    parts = [float(part.mean()) for part in np.array_split(own, min(10, len(own))) if len(part)]
    whole = both(lane)[-1].train_loss if both(lane) else None
    if len(parts) < 2 or whole is None or max(max(parts), whole) < _SWING * min(parts):
        return None
    text = message(FINDINGS.english["unshuffled"], size=size, low=min(parts), high=max(parts), whole=whole)
    return Finding("unshuffled", 0, text, afresh("unshuffled", order=Choice("shuffled")))


def lonely(lane: Lane, scene: DataSummary) -> Finding | None:
    """Find batch normalisation over so few examples that it measures noise."""
    size = int(lane.knobs.get("batch_size", lane.spec.batch_size))
    if lane.spec.model.knobs.get("batch_norm") != "on" or size > _FEW or lane.step < 10 * EARLY:
        return None
    known = both(lane)
    if not known:
        return None
    measured = known[-1].train_loss or 0.0
    if late(lane) < _APART * measured:
        return None
    told = {"size": size, "batches": late(lane), "measured": measured}
    cure = Cure(message(CURES.english["lonely"], size=_USUAL), {"batch_size": float(_USUAL)})
    return Finding("lonely", 0, message(FINDINGS.english["lonely"], **told), cure)


def far_off(lane: Lane, scene: DataSummary) -> Finding | None:
    """Find first weights so large that training begins far above what guessing costs."""
    price = guessed(lane, scene) or 0.0
    first = lane.measured[0].test_loss if lane.measured and lane.measured[0].step == 0 else 0.0
    if price <= 0 or not first > _FAR * price or lane.step < _SOON:
        return None
    if lane.measured[-1].test_loss < price:  # it has come over it
        return None
    text = message(FINDINGS.english["far_off"], first=first, chance=price, count=len(scene.classes))
    return Finding("far_off", 0, text, afresh("far_off", initializer=Choice("he_normal")))
