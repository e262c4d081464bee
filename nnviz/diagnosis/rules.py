"""The rules: each looks at one lane and finds one thing that is wrong with it, or nothing."""

from collections.abc import Callable, Mapping
from math import isfinite, log
from typing import cast

import numpy as np

from nnviz.diagnosis.finding import Cure, Finding
from nnviz.records.moments import sound_moment
from nnviz.records.readings import Parameter
from nnviz.records.run import DataSummary, Lane, Record
from nnviz.records.shapes import Shares
from nnviz.records.status import Status
from nnviz.specs.experiment import Choice
from nnviz.words.diagnosis import CURES, FINDINGS
from nnviz.words.language import message

Rule = Callable[[Lane, DataSummary], Finding | None]

_EARLY = 20  # updates before which nothing can be said
_DEAD = 0.8  # of a layer's units
_SHRINKING = 0.02  # of a weight, taken by the decay of one update, beside which little can be learnt
_NO_BETTER = 0.95  # of the loss of guessing
_HARDLY, _DEEP, _PATIENT = 1e-2, 4, 100  # of the last layer's gradient; weight matrices; updates
_CRAWL, _FALL, _LATE = 1e-5, 0.05, 500  # of a weight's size; of the first losses; updates
_OVER, _UNDER, _AGO = 1.5, 0.8, 5  # times the best test loss; of the train loss then; evaluations since
_COUPLED = ("sgd", "momentum", "nag", "adamw")  # whose decay takes rate × decay off every weight
_TENTH = 0.1


def still(lane: Lane, scene: DataSummary) -> Finding | None:
    """Find weights that never move, because all of them began at zero."""
    weights = _weights(_newest(lane))
    stuck = [each for each in weights if each.moved == 0]
    if lane.step < _EARLY or not stuck or 2 * len(stuck) < len(weights) or lane.spec.initializer.name != "zeros":
        return None
    text = message(FINDINGS.english["still"], count=len(stuck), all=len(weights))
    return Finding(
        "still", 0, text, Cure(message(CURES.english["still"]), settings={"initializer": Choice("he_normal")})
    )


def dead(lane: Lane, scene: DataSummary) -> Finding | None:
    """Find a layer whose ReLU units hardly answer to anything any more."""
    found = [(record, worst) for record in lane.records if (worst := _deadest(record)) is not None]
    if not found or found[-1][1][1] < _DEAD:
        return None
    healthy = [record for record, (_, share) in found if share < _DEAD]
    since = next(record.step for record, _ in found if not healthy or record.step > healthy[-1].step)
    layer, share = found[-1][1]
    text = message(FINDINGS.english["dead"], share=share, layer=layer, since=since)
    return Finding("dead", since, text, _smaller_rate(lane, since))


def _deadest(record: Record) -> tuple[str, float] | None:
    shares = cast(Shares | None, record.readings.get("dead_units"))
    if shares is None or not len(shares.values):
        return None
    at = int(np.argmax(shares.values))
    return shares.names[at], float(shares.values[at])


def _smaller_rate(lane: Lane, before: int) -> Cure:
    """Go on from before a moment with a tenth of the rate, or begin anew with it."""
    step, rate = sound_moment(lane, before), _TENTH * lane.knobs.get("optimizer.lr", 0.0)
    if step is not None:
        return Cure(message(CURES.english["dead"], step=step), {"optimizer.lr": rate}, step)
    optimizer = lane.spec.optimizer.with_knobs(lr=rate)
    return Cure(message(CURES.english["dead_fresh"]), settings={"optimizer": optimizer})


def decay(lane: Lane, scene: DataSummary) -> Finding | None:
    """Find a decay that takes more than the data give."""
    taken, chance, last = _taken(lane), _chance(lane, scene), _judged(lane)
    if lane.step < _EARLY or taken is None or taken[2] < _SHRINKING or chance is None or last is None:
        return None
    if last < _NO_BETTER * chance:
        return None
    rate, weight_decay, share = taken
    text = message(FINDINGS.english["decay"], share=share, rate=rate, decay=weight_decay, loss=last, chance=chance)
    return Finding("decay", _turned(lane, "optimizer.weight_decay"), text, Cure(message(CURES.english["decay"]), _NONE))


_NONE: Mapping[str, float] = {"optimizer.weight_decay": 0.0}


def _taken(lane: Lane) -> tuple[float, float, float] | None:
    """Return rate, decay and the share of a weight that one update takes; None where it does not work like that."""
    rate, weight_decay = (lane.knobs.get(f"optimizer.{name}") for name in ("lr", "weight_decay"))
    is_coupled = lane.spec.optimizer.name in _COUPLED and rate is not None and weight_decay is not None
    return (rate, weight_decay, rate * weight_decay) if is_coupled and rate and weight_decay else None


def _turned(lane: Lane, target: str) -> int:
    """Return after how many updates a knob was turned last."""
    return max((change.step for change in lane.journal if change.target == target), default=0)


def decay_lost(lane: Lane, scene: DataSummary) -> Finding | None:
    """Find that a run diverged by its decay, which a smaller rate would cure by chance only."""
    taken = _taken(lane)
    if lane.status != Status.DIVERGED or taken is None or taken[2] < 2:
        return None
    text = message(FINDINGS.english["decay_lost"], since=lane.step, rate=taken[0], decay=taken[1], share=taken[2])
    step = sound_moment(lane)
    cure = Cure(message(CURES.english["decay_lost"], step=step), _NONE, step) if step is not None else None
    return Finding("decay_lost", lane.step, text, cure)


def vanishing(lane: Lane, scene: DataSummary) -> Finding | None:
    """Find gradients that do not come through to the first layer, while the network only guesses."""
    chance, last = _chance(lane, scene), _judged(lane)
    if lane.step < _PATIENT or chance is None or last is None or last < _NO_BETTER * chance:
        return None
    ratios = [(record.step, ratio) for record in lane.records if (ratio := _passed(record)) is not None]
    if not ratios or ratios[-1][1] > _HARDLY:
        return None
    since = next(step for step, ratio in ratios if ratio <= _HARDLY)
    text = message(FINDINGS.english["vanishing"], since=since, ratio=ratios[-1][1])
    settings = {"activation": Choice("relu"), "initializer": Choice("he_normal")}
    return Finding("vanishing", since, text, Cure(message(CURES.english["vanishing"]), settings=settings))


def _passed(record: Record) -> float | None:
    """Return the first weights' gradient beside the last ones'; None where there are too few, or none."""
    norms = [each.gradient for each in _weights(record)]
    if len(norms) < _DEEP or not norms[0] or not norms[-1]:
        return None
    return norms[0] / norms[-1]


def slow(lane: Lane, scene: DataSummary) -> Finding | None:
    """Find a learning rate at which nothing comes of an update."""
    losses, rate = lane.curve.losses, lane.knobs.get("optimizer.lr")
    ratios = [each.update_ratio for each in _weights(_newest(lane)) if each.update_ratio]
    if lane.step < _LATE or len(losses) < 100 or not ratios or not rate or max(ratios) > _CRAWL:
        return None
    first, last = float(np.mean(losses[:20])), float(np.mean(losses[-50:]))
    if not isfinite(last) or first <= 0 or 1 - last / first > _FALL:
        return None
    text = message(FINDINGS.english["slow"], step=lane.step, fall=max(0.0, 1 - last / first), ratio=max(ratios))
    better = float(f"{min(rate * 1e-3 / max(ratios), 100 * rate):.0e}")
    return Finding("slow", 0, text, Cure(message(CURES.english["slow"], rate=better), {"optimizer.lr": better}))


def overfit(lane: Lane, scene: DataSummary) -> Finding | None:
    """Find that a network goes on learning its examples while it gets worse at others."""
    both = [part for part in lane.measured if part.train_loss is not None and isfinite(part.test_loss)]
    if len(both) < 2 * _AGO or not both[-1].test_loss > 0:
        return None
    best = min(both, key=lambda part: part.test_loss)
    now, later = both[-1], [part for part in both if part.step > best.step]
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


# ---- what the rules look at ----


def _newest(lane: Lane) -> Record | None:
    return next((record for record in reversed(lane.records) if record.parameters), None)


def _weights(record: Record | None) -> list[Parameter]:
    """List the weight matrices of a record in order."""
    return [each for each in (record.parameters if record else ()) if len(each.shape) > 1]


def _chance(lane: Lane, scene: DataSummary) -> float | None:
    """Return the cross-entropy of guessing; None of other losses."""
    is_told = lane.spec.loss.name in ("cross_entropy", "binary_cross_entropy") and len(scene.classes) > 1
    return log(len(scene.classes)) if is_told else None


def _judged(lane: Lane) -> float | None:
    """Return the newest test loss."""
    return lane.measured[-1].test_loss if lane.measured and isfinite(lane.measured[-1].test_loss) else None


RULES: Mapping[str, Rule] = {
    "decay_lost": decay_lost, "still": still, "dead": dead, "decay": decay, "vanishing": vanishing, "slow": slow,
    "overfit": overfit,
}  # fmt: skip


# What each of them brings about, which need not be told besides.
_BRINGS: Mapping[str, frozenset[str]] = {
    "decay_lost": frozenset(RULES),
    "still": frozenset({"dead", "vanishing", "slow", "decay"}),
    "dead": frozenset({"vanishing", "slow", "decay", "overfit"}),
    "decay": frozenset({"vanishing", "slow", "overfit"}),
    "vanishing": frozenset({"slow"}),
}


def can_judge(scene: DataSummary | None) -> bool:
    """Tell whether the rules have anything to say: not of two networks that play against each other."""
    return scene is not None and not scene.players and scene.metric_name == "loss"


def diagnosis(lane: Lane, scene: DataSummary | None) -> list[Finding]:
    """List what is wrong with a lane, the gravest first."""
    if scene is None or not can_judge(scene):
        return []
    found = [finding for rule in RULES.values() if (finding := rule(lane, scene)) is not None]
    brought = {name for finding in found for name in _BRINGS.get(finding.name, ()) if name != finding.name}
    return [finding for finding in found if finding.name not in brought]
