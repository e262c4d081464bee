"""The range test of learning rates as a trial: what is known of it after each update."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from nnviz.records.rate_curve import RateCurve
from nnviz.runs.pool import Pool
from nnviz.runs.trial import Then, Trial
from nnviz.specs.experiment import ExperimentSpec
from nnviz.training.copied import Copied
from nnviz.training.range_test import UPDATES, has_exploded, losses_at, rates_of, smoothed, suggestion


class RateTest(Trial[RateCurve]):
    """Tries learning rates on a copy of a lane, from tiny to huge, until the loss explodes."""

    def __init__(
        self, spec: ExperimentSpec, pool: Pool | None = None, patience: float = 60.0,
        then: Then[RateCurve] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(RateCurve(spec=spec), rate_curve, pool=pool, patience=patience, then=then)


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


def _with(found: RateCurve, rates: np.ndarray, losses: list[float], progress: float) -> RateCurve:
    known = np.array(losses)
    fixed = rates[: len(losses)].copy(), known, smoothed(known)
    for values in fixed:
        values.flags.writeable = False
    return replace(found, rates=fixed[0], losses=fixed[1], smoothed=fixed[2], progress=progress)
