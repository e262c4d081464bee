"""What is wrong with what a network can hold: too much of its examples, or too little of anything."""

import numpy as np

from nnviz.diagnosis.evidence import afresh, both
from nnviz.diagnosis.finding import Cure, Finding
from nnviz.records.run import DataSummary, Lane
from nnviz.specs.experiment import Choice
from nnviz.words.diagnosis import CURES, FINDINGS
from nnviz.words.language import message

_OVER, _UNDER, _AGO = 1.5, 0.8, 5  # times the best test loss; of the train loss then; evaluations since
_LONG, _STILL = 1000, 0.02  # updates; of the loss, in the last half of them
_MUCH, _SOME, _FEW = 0.8, 0.4, 4  # of what guessing costs; units of a layer


def overfit(lane: Lane, scene: DataSummary) -> Finding | None:
    """Find that a network goes on learning its examples while it gets worse at others."""
    known = both(lane)
    if len(known) < 2 * _AGO or not known[-1].test_loss > 0:
        return None
    best = min(known, key=lambda part: part.test_loss)
    now, later = known[-1], [part for part in known if part.step > best.step]
    is_worse = len(later) >= _AGO and min(part.test_loss for part in later[-_AGO:]) > _OVER * best.test_loss
    if not is_worse or not (now.train_loss or 0) < _UNDER * (best.train_loss or 0):
        return None
    text = message(FINDINGS.english["overfit"], since=best.step, best=best.test_loss, now=now.test_loss)
    return Finding("overfit", best.step, text, _more_decay(lane, best.step))


def _more_decay(lane: Lane, step: int) -> Cure | None:
    """Go on from the best moment with more decay than there was, where the optimizer has any."""
    present, early = lane.knobs.get("optimizer.weight_decay"), [each for each in lane.stored if each <= step]
    if present is None or present >= 0.3 or not early or not early[-1]:
        return None
    more = min(0.3, 10 * present or 0.03)
    text = message(CURES.english["overfit"], step=early[-1], decay=more)
    return Cure(text, {"optimizer.weight_decay": more}, early[-1])


def bare(lane: Lane, scene: DataSummary) -> Finding | None:
    """Find a network without a bend that has come to the end of what a flat map can do."""
    end = _end_of(lane, scene, _MUCH) if lane.spec.activation.name == "identity" else None
    if end is None:
        return None
    text = message(FINDINGS.english["bare"], loss=end, chance=scene.chance[0], step=lane.step)
    return Finding("bare", 0, text, afresh("bare", activation=Choice("tanh"), initializer=Choice("glorot_normal")))


def small(lane: Lane, scene: DataSummary) -> Finding | None:
    """Find a network of so few units that it has come to the end of what it can bend."""
    hidden = str(lane.spec.model.knobs.get("hidden", "32"))
    units = [int(each) for each in hidden.split(",") if each]
    if not units or max(units) > _FEW or lane.spec.activation.name == "identity":
        return None
    end = _end_of(lane, scene, _SOME)
    if end is None:
        return None
    text = message(FINDINGS.english["small"], loss=end, chance=scene.chance[0], step=lane.step, units=max(units))
    return Finding("small", 0, text, afresh("small", model=lane.spec.model.with_knobs(hidden="16,16")))


def _end_of(lane: Lane, scene: DataSummary, share: float) -> float | None:
    """Return where the loss of an MLP has come to rest, above a share of what guessing costs."""
    price = (scene.chance or (0.0,))[0]
    if lane.spec.model.name != "mlp" or lane.step < _LONG or price <= 0:
        return None
    halfway = [part.train_loss or 0.0 for part in both(lane) if part.step >= lane.step / 2]
    if len(halfway) < 2 or halfway[-1] < share * price or np.ptp(halfway) > _STILL * halfway[-1]:
        return None
    return halfway[-1]
