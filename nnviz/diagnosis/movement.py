"""What is wrong with how weights move: not at all, hardly, too far, or towards zero whatever the data say."""

from collections.abc import Mapping
from math import isfinite

import numpy as np

from nnviz.diagnosis.evidence import (
    EARLY,
    NO_BETTER,
    afresh,
    guessed,
    is_above_guessing,
    judged,
    late,
    lately,
    newest,
    ratio,
    smaller_rate,
    turned,
    weights,
)  # fmt: skip
from nnviz.diagnosis.finding import Cure, Finding
from nnviz.records.moments import sound_moment
from nnviz.records.run import DataSummary, Lane
from nnviz.records.status import Status
from nnviz.specs.experiment import Choice
from nnviz.words.diagnosis import CURES, FINDINGS
from nnviz.words.language import message

_SHRINKING = 0.02  # of a weight, taken by the decay of one update, beside which little can be learnt
_CRAWL, _FALL, _LATE = 1e-5, 0.05, 500  # of a weight's size; of the first losses; updates
_LEAP, _USUAL = 0.1, 0.003  # of a weight's size in one update
_COUPLED = ("sgd", "momentum", "nag", "adamw")  # whose decay takes rate × decay off every weight
_GONE = 1e-3  # of a weight matrix
_NONE: Mapping[str, float] = {"optimizer.weight_decay": 0.0}


def still(lane: Lane, scene: DataSummary) -> Finding | None:
    """Find weights that never move, because all of them began at zero."""
    found = weights(newest(lane))
    stuck = [each for each in found if each.moved == 0]
    if lane.step < EARLY or not stuck or 2 * len(stuck) < len(found) or lane.spec.initializer.name != "zeros":
        return None
    text = message(FINDINGS.english["still"], count=len(stuck), all=len(found))
    return Finding("still", 0, text, afresh("still", initializer=Choice("he_normal")))


def slow(lane: Lane, scene: DataSummary) -> Finding | None:
    """Find a learning rate at which nothing comes of an update."""
    losses, rate, moved = lane.curve.losses, lane.knobs.get("optimizer.lr"), ratio(lane)
    if lane.step < _LATE or len(losses) < 100 or not moved or not rate or moved > _CRAWL:
        return None
    first, last = float(np.mean(losses[:20])), late(lane)
    if not isfinite(last) or first <= 0 or 1 - last / first > _FALL:
        return None
    text = message(FINDINGS.english["slow"], step=lane.step, fall=max(0.0, 1 - last / first), ratio=moved)
    better = float(f"{min(rate * 1e-3 / moved, 100 * rate):.0e}")
    return Finding("slow", 0, text, Cure(message(CURES.english["slow"], rate=better), {"optimizer.lr": better}))


def fast(lane: Lane, scene: DataSummary) -> Finding | None:
    """Find a learning rate at which updates throw the weights about, and the loss stays above that of guessing."""
    moved, rate = lately(lane), lane.knobs.get("optimizer.lr")
    if lane.step < 2 * EARLY or lane.status == Status.DIVERGED or not rate:
        return None
    if moved < _LEAP or not is_above_guessing(lane, scene) or not is_above_guessing(lane, scene, count=EARLY):
        return None
    since = turned(lane, "optimizer.lr")
    told = {"share": moved, "rate": rate, "loss": late(lane), "chance": scene.chance[0]}
    text = message(FINDINGS.english["fast"], **told, since=since)
    better = float(f"{rate / min(100.0, max(10.0, moved / _USUAL)):.0e}")
    return Finding("fast", since, text, Cure(message(CURES.english["fast"], rate=better), {"optimizer.lr": better}))


def lost(lane: Lane, scene: DataSummary) -> Finding | None:
    """Find that a run diverged, and that the rate is to blame."""
    rate, taken = lane.knobs.get("optimizer.lr"), _taken(lane)
    if lane.status != Status.DIVERGED or not rate or (taken is not None and taken[2] >= 2):
        return None
    text = message(FINDINGS.english["lost"], since=lane.step, rate=rate)
    return Finding("lost", lane.step, text, smaller_rate(lane, lane.step))


def decay(lane: Lane, scene: DataSummary) -> Finding | None:
    """Find a decay that takes more than the data give."""
    taken, chance, last = _taken(lane), guessed(lane, scene), judged(lane)
    if lane.step < EARLY or taken is None or taken[2] < _SHRINKING or chance is None or last is None:
        return None
    if last < NO_BETTER * chance:
        return None
    rate, weight_decay, share = taken
    text = message(FINDINGS.english["decay"], share=share, rate=rate, decay=weight_decay, loss=last, chance=chance)
    return Finding("decay", turned(lane, "optimizer.weight_decay"), text, _without_decay(lane))


def _without_decay(lane: Lane) -> Cure:
    """Turn the decay off, or begin anew where it has left nothing that could grow."""
    if max((each.norm for each in weights(newest(lane))), default=1.0) > _GONE:
        return Cure(message(CURES.english["decay"]), _NONE)
    return _fresh_without_decay(lane)


def _fresh_without_decay(lane: Lane) -> Cure:
    return afresh("decay_fresh", optimizer=lane.spec.optimizer.with_knobs(weight_decay=0))


def decay_lost(lane: Lane, scene: DataSummary) -> Finding | None:
    """Find that a run diverged by its decay, which a smaller rate would cure by chance only."""
    taken = _taken(lane)
    if lane.status != Status.DIVERGED or taken is None or taken[2] < 2:
        return None
    text = message(FINDINGS.english["decay_lost"], since=lane.step, rate=taken[0], decay=taken[1], share=taken[2])
    step = sound_moment(lane)
    if step is None:
        return Finding("decay_lost", lane.step, text, _fresh_without_decay(lane))
    return Finding("decay_lost", lane.step, text, Cure(message(CURES.english["decay_lost"], step=step), _NONE, step))


def _taken(lane: Lane) -> tuple[float, float, float] | None:
    """Return rate, decay and the share of a weight that one update takes; None where it does not work like that."""
    rate, weight_decay = (lane.knobs.get(f"optimizer.{name}") for name in ("lr", "weight_decay"))
    is_coupled = lane.spec.optimizer.name in _COUPLED and rate is not None and weight_decay is not None
    return (rate, weight_decay, rate * weight_decay) if is_coupled and rate and weight_decay else None
