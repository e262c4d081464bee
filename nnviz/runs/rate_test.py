"""The range test of learning rates as a trial: what is known of it after each update."""

from collections.abc import Generator, Iterator
from dataclasses import replace
from functools import partial

import numpy as np

from nnviz.records.rate_curve import RateCurve
from nnviz.runs.pool import Pool
from nnviz.runs.trial import Then, Trial
from nnviz.specs.experiment import ExperimentSpec
from nnviz.training.copied import Copied
from nnviz.training.holding import held
from nnviz.training.range_test import UPDATES, has_exploded, losses_at, rates_of, smoothed, suggestion

_TENTH, _LESS, _MOST = 0.1, 0.25, 8  # of a rate that is too high; of one that did not hold; rates
_HALF = 0.5  # of the progress


class RateTest(Trial[RateCurve]):
    """Tries learning rates on a copy of a lane, from tiny to huge, until the loss explodes.

    below: a rate that is known to be too high; then what is suggested is less, and has held on a copy for a while.
    """

    def __init__(
        self, spec: ExperimentSpec, pool: Pool | None = None, patience: float = 60.0,
        then: Then[RateCurve] | None = None, below: float | None = None,
    ) -> None:  # fmt: skip
        steps = rate_curve if below is None else partial(held_rate, below=below)
        super().__init__(RateCurve(spec=spec), steps, pool=pool, patience=patience, then=then)


def rate_curve(copied: Copied, nothing: RateCurve, updates: int = UPDATES) -> Iterator[RateCurve]:
    """Return what is known after each update; the last one has a suggestion where there is one."""
    experiment = copied.experiment()
    rates, losses = rates_of(copied.spec, updates), list[float]()
    found = replace(nothing, step=experiment.step, largest=float(rates[-1]))
    for loss in losses_at(experiment, rates):
        losses.append(loss)
        found = _with(found, rates, losses, len(losses) / updates)
        yield found
        if has_exploded(found.losses):
            break
    rate = suggestion(rates, np.array(losses))
    yield replace(found, progress=1.0, suggested=None if rate is None else float(f"{rate:.2g}"))


def held_rate(copied: Copied, nothing: RateCurve, *, below: float) -> Iterator[RateCurve]:
    """Return what is known as `rate_curve` does, then train longer at what is suggested, and at less until it holds.

    Where none holds, less than all of them is suggested.
    """
    found = nothing
    for found in rate_curve(copied, nothing):
        yield replace(found, suggested=None, progress=_HALF * found.progress)
    first = found.suggested
    rate = first if first is not None and first < below else float(f"{_TENTH * below:.2g}")
    known, holds = replace(found, suggested=None, first=first), False
    for left in range(_MOST, 0, -1):
        known = replace(known, progress=1 - _HALF * left / (_MOST + 1))
        holds = yield from _until_known(held(copied.experiment(), rate), known)
        if holds:
            break
        rate = float(f"{_LESS * rate:.2g}")
    yield replace(known, suggested=rate, has_held=holds, progress=1.0)


def _until_known(steps: Iterator[bool | None], known: RateCurve) -> Generator[RateCurve, None, bool]:
    while (holds := next(steps)) is None:
        yield known
    return holds


def _with(found: RateCurve, rates: np.ndarray, losses: list[float], progress: float) -> RateCurve:
    known = np.array(losses)
    fixed = rates[: len(losses)].copy(), known, smoothed(known)
    for values in fixed:
        values.flags.writeable = False
    return replace(found, rates=fixed[0], losses=fixed[1], smoothed=fixed[2], progress=progress)
