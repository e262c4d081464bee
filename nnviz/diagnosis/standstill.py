"""What is wrong with a loss that goes up and down and falls no more: steps too large, or batches too small."""

import numpy as np

from nnviz.diagnosis.evidence import largest_step
from nnviz.diagnosis.finding import Cure, Finding
from nnviz.diagnosis.rise import Rise, greatest_rise, measured_rise, since_below
from nnviz.records.run import DataSummary, Lane
from nnviz.records.shapes import LayerNumbers
from nnviz.words.diagnosis import CURES, FINDINGS
from nnviz.words.language import message

_LONG, _EPOCHS, _ENOUGH = 500, 4.0, 60  # updates; of training; points of a curve
_SOME = 0.12  # of what guessing costs
_FALLING = 0.85, 0.7  # of the loss before: of batches, and where they are so small that their means differ
_SWING = 0.3, 0.2  # of what guessing costs: how far the loss goes up, likewise
_FEW, _USUAL = 4, 32  # examples in a batch
_BIG, _DOWN = 0.01, 0.1  # of the weights in one update; of the rate


def noisy(lane: Lane, scene: DataSummary) -> Finding | None:
    """Find batches so small that what one teaches the next ones undo."""
    size = _size(lane)
    found = restless(lane, scene) if size <= _FEW else None
    if found is None:
        return None
    told, scale = {"since": found.since, "size": size, "low": found.low, "high": found.high}, _noise_scale(lane)
    if scale is None:
        text = message(FINDINGS.english["noisy"], **told)
    else:
        text = message(FINDINGS.english["noisy_scale"], **told, scale=scale)
    cure = Cure(message(CURES.english["lonely"], size=_USUAL), {"batch_size": float(_USUAL)})
    return Finding("noisy", found.since, text, cure)


def plateau(lane: Lane, scene: DataSummary) -> Finding | None:
    """Find a loss that a rate too large for the rest of the way keeps from falling."""
    rate = lane.knobs.get("optimizer.lr")
    found = restless(lane, scene) if rate and _size(lane) > _FEW else None
    if found is None or not rate:
        return None
    told = {"since": found.since, "low": found.low, "high": found.high, "share": _step(lane)}
    better = float(f"{_DOWN * rate:.1g}")
    cure = Cure(message(CURES.english["plateau"], rate=better), {"optimizer.lr": better})
    return Finding("plateau", found.since, message(FINDINGS.english["plateau"], **told), cure)


def restless(lane: Lane, scene: DataSummary) -> Rise | None:
    """Return how the loss went up, since when it falls no more, where updates are so large that it cannot.

    That is the mean loss of batches, and where these are tiny, the one over training examples.
    """
    is_tiny, losses, price = _size(lane) <= _FEW, lane.curve.losses, (scene.chance or (0.0,))[0]
    third = len(losses) // 3
    if lane.step < _LONG or lane.epoch < _EPOCHS or len(losses) < _ENOUGH or price <= 0 or _step(lane) < _BIG:
        return None
    before, now = (float(np.mean(part)) for part in (losses[-2 * third : -third], losses[-third:]))
    if not now > max(_FALLING[is_tiny] * before, _SOME * price):
        return None
    found = (measured_rise if is_tiny else greatest_rise)(lane, lane.step / 2)
    if found is None or found.high < found.low + _SWING[is_tiny] * price:
        return None
    return found._replace(since=since_below(lane, now))


def _step(lane: Lane) -> float:
    """Return the greatest update of late, as a share of the weights in the layer where that is greatest."""
    return largest_step(lane, 2 * lane.step / 3)


def _size(lane: Lane) -> int:
    return int(lane.knobs.get("batch_size", lane.spec.batch_size))


def _noise_scale(lane: Lane) -> float | None:
    """Return the newest gradient noise scale, where it is measured."""
    found = [record.readings.get("noise_scale") for record in lane.records]
    known = [each.whole for each in found if isinstance(each, LayerNumbers)]
    return known[-1] if known else None
