"""What is wrong with two networks that train against each other."""

from collections.abc import Sequence
from math import prod, sqrt

import numpy as np

from nnviz.diagnosis.evidence import turned
from nnviz.diagnosis.finding import Cure, Finding
from nnviz.records.run import DataSummary, Evaluation, Lane, Record
from nnviz.specs.experiment import Choice
from nnviz.words.diagnosis import CURES, FINDINGS
from nnviz.words.language import message

_PATIENT, _LAST = 200, 50  # updates; points of a curve
_SURE, _CAUGHT = 0.5, 5.0  # of the critic's loss where nobody can tell; times the maker's
_RATE = "second_optimizer.lr"
_SHARE, _GROWN, _MANY = 0.25, 800, 6  # of the modes; updates by which others cover most; evaluations
_OFTEN = 0.75  # of these


def starved(lane: Lane, scene: DataSummary) -> Finding | None:
    """Find a discriminator that is never wrong, so that the generator has nothing to learn from."""
    if len(scene.chance) < 2 or lane.step < _PATIENT or not lane.curve.others:
        return None
    maker, critic = (float(np.mean(part[-_LAST:])) for part in (lane.curve.losses, lane.curve.others[0]))
    if not (critic < _SURE * scene.chance[1] and maker > _CAUGHT * scene.chance[0]):
        return None
    since = turned(lane, _RATE)
    text = message(
        FINDINGS.english["starved"], critic=critic, even=scene.chance[1], maker=maker, chance=scene.chance[0]
    )
    return Finding("starved", since, text, _even(lane))


def collapsed(lane: Lane, scene: DataSummary) -> Finding | None:
    """Find a generator that makes examples of a few modes only, though it has had the time to find the others."""
    known, count = [part for part in lane.measured if "modes" in part.scores], len(scene.classes)
    late = [part for part in known if part.step >= lane.step / 2]
    if lane.step < _GROWN or len(late) < _MANY or _covered(late) > _SHARE * count:
        return None
    told = {"covered": int(_covered(late)), "count": count, "step": lane.step}
    return Finding("collapsed", 0, message(FINDINGS.english["collapsed"], **told), _even(lane))


def _covered(parts: Sequence[Evaluation | Record]) -> float:
    """Return how many modes were covered at most of these moments, or more: at three of four."""
    return float(np.quantile([part.scores["modes"] for part in parts], _OFTEN, method="higher"))


def _even(lane: Lane) -> Cure | None:
    """Begin anew with a discriminator that does one step, and both at the rate in the middle of theirs."""
    rates, second = [lane.knobs.get(name) for name in ("optimizer.lr", _RATE)], lane.spec.second_optimizer
    if not all(rates) or second is None:
        return None
    rate = float(f"{sqrt(prod(each or 0.0 for each in rates)):.1e}")
    settings: dict[str, Choice | None] = {
        "model": lane.spec.model.with_knobs(d_steps=1),
        "optimizer": lane.spec.optimizer.with_knobs(lr=rate),
        "second_optimizer": second.with_knobs(lr=rate),
    }
    return Cure(message(CURES.english["starved"], rate=rate), settings=settings)
