"""What is wrong with the way through a network: units that answer nothing, gradients that do not come back."""

import numpy as np

from nnviz.diagnosis.evidence import EARLY, NO_BETTER, afresh, guessed, judged, mended, passed, smaller_rate
from nnviz.diagnosis.finding import Finding
from nnviz.records.moments import deadest
from nnviz.records.readings import Histogram
from nnviz.records.run import DataSummary, Lane, Record
from nnviz.specs.experiment import Choice
from nnviz.words.diagnosis import FINDINGS
from nnviz.words.language import message

_DEAD = 0.8  # of a layer's units
_ENDS = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0)}  # of activations that saturate
_CLOSE, _FULL = 0.01, 0.7  # of the way between the ends; of a layer's values
_HARDLY, _PATIENT = 1e-2, 100  # of the last layer's gradient; updates


def dead(lane: Lane, scene: DataSummary) -> Finding | None:
    """Find a layer whose ReLU units hardly answer to anything any more."""
    told = [record for record in lane.records if "dead_units" in record.readings]
    if not told or deadest(told[-1])[1] < _DEAD:
        return None
    found = [(record, deadest(record)) for record in told]
    healthy = [record for record, (_, share) in found if share < _DEAD]
    since = next(record.step for record, _ in found if not healthy or record.step > healthy[-1].step)
    layer, share = found[-1][1]
    if since == 0:
        return _born_dead(lane, layer, share)
    text = message(FINDINGS.english["dead"], share=share, layer=layer, since=since)
    return Finding("dead", since, text, smaller_rate(lane, since))


def _born_dead(lane: Lane, layer: str, share: float) -> Finding:
    """Tell of units that were dead before the first update, which no learning rate has done."""
    text = message(FINDINGS.english["born_dead"], share=share, layer=layer)
    cure = mended(lane, "low_biases") or afresh("vanishing", activation=Choice("relu"), initializer=Choice("he_normal"))
    return Finding("dead", 0, text, cure)


def vanishing(lane: Lane, scene: DataSummary) -> Finding | None:
    """Find gradients that do not come through to the first layer, while the network only guesses."""
    chance, last = guessed(lane, scene), judged(lane)
    if lane.step < _PATIENT or chance is None or last is None or last < NO_BETTER * chance:
        return None
    ratios = [(record.step, ratio) for record in lane.records if (ratio := passed(record)) is not None]
    if not ratios or ratios[-1][1] > _HARDLY:
        return None
    since = next(step for step, ratio in ratios if ratio <= _HARDLY)
    text = message(FINDINGS.english["vanishing"], since=since, ratio=ratios[-1][1])
    cure = afresh("vanishing", activation=Choice("relu"), initializer=Choice("he_normal"))
    return Finding("vanishing", since, text, cure)


def saturated(lane: Lane, scene: DataSummary) -> Finding | None:
    """Find a layer whose sigmoid or tanh units have been at their ends since the start."""
    ends = _ENDS.get(lane.spec.activation.name)
    if ends is None or lane.step < EARLY:
        return None
    last = next((_full(record, ends) for record in reversed(lane.records) if len(record.layers) > 1), {})
    layer = max(last, key=lambda name: last[name], default="")
    if last.get(layer, 0.0) < _FULL:
        return None
    first = next(_full(record, ends) for record in lane.records if len(record.layers) > 1)
    if first.get(layer, 0.0) < _FULL:
        return None
    text = message(FINDINGS.english["saturated"], share=last[layer], layer=layer, low=ends[0], high=ends[1])
    return Finding("saturated", 0, text, afresh("saturated", initializer=Choice("glorot_normal")))


def _full(record: Record, ends: tuple[float, float]) -> dict[str, float]:
    return {each.name: _at_ends(each.activation, ends) for each in record.layers[:-1]}


def _at_ends(found: Histogram, ends: tuple[float, float]) -> float:
    """Return which share of a layer's outputs lies within a hundredth of an end."""
    middles = found.low + (np.arange(len(found.counts)) + 0.5) * (found.high - found.low) / len(found.counts)
    close = _CLOSE * (ends[1] - ends[0])
    is_close = (middles < ends[0] + close) | (middles > ends[1] - close)
    return float(found.counts[is_close].sum() / max(1, found.counts.sum()))


def twins(lane: Lane, scene: DataSummary) -> Finding | None:
    """Find a hidden layer all of whose units are the same one, as equal first weights make them."""
    record = lane.records[-1] if lane.records else None
    hidden = (record.weights or ())[:-1] if record else ()
    same = [place for place, each in enumerate(hidden, 1) if len(each) > 1 and np.ptp(each, axis=0).max() == 0]
    if lane.step < EARLY or not same or not np.any(hidden[same[0] - 1]):
        return None
    text = message(FINDINGS.english["twins"], count=len(hidden[same[0] - 1]), layer=f"lin_{same[0]}")
    cure = mended(lane, "equal_weights") or afresh("twins", initializer=Choice("glorot_normal"))
    return Finding("twins", 0, text, cure)
