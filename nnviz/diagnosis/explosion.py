"""What grows beyond bounds: gradients on their way back, and for a while the loss."""

from itertools import islice
from typing import cast

import numpy as np

from nnviz.diagnosis.evidence import NO_BETTER, clipped, judged, late, passed, warmed
from nnviz.diagnosis.finding import Cure, Finding
from nnviz.diagnosis.rise import Rise, greatest_rise
from nnviz.records.run import DataSummary, Lane, Record
from nnviz.records.shapes import Lines
from nnviz.records.status import Status
from nnviz.words.diagnosis import CURES, FINDINGS
from nnviz.words.language import message

_MUCH, _BEGUN, _PATIENT = 50.0, 3, 50  # times the last gradient; records; updates
_RISE, _TIMES, _EARLY = 2.0, 2.0, 100  # times what guessing costs; times the loss before; updates
_BACK, _LONG_AGO = 20, 1000  # updates
_TENTH = 0.1


def exploding(lane: Lane, scene: DataSummary) -> Finding | None:
    """Find gradients that began by growing on their way back, while the network only guesses, or has diverged."""
    cure = clipped(lane)
    if cure is None or not _is_bad(lane, scene):
        return None
    known = (ratio for record in lane.records if (ratio := _grown(record)) is not None)
    ratios = list(islice(known, _BEGUN))
    if max(ratios, default=0.0) < _MUCH:
        return None
    return Finding("exploding", 0, message(FINDINGS.english["exploding"], ratio=max(ratios)), cure)


def _grown(record: Record) -> float | None:
    """Return the gradient where the way back ends beside the one where it begins: by steps of time, or by layers."""
    flow = cast(Lines | None, record.readings.get("gradient_flow"))
    if flow is None:
        return passed(record)
    first, last = float(flow.y[0][0]), float(flow.y[0][-1])
    return first / last if last > 0 and np.isfinite(first) else None


def _is_bad(lane: Lane, scene: DataSummary) -> bool:
    """Tell whether a lane has diverged, or does no better than guess though it had the time."""
    if lane.status == Status.DIVERGED:
        return True
    price, last = (scene.chance or (0.0,))[0], judged(lane)
    return lane.step >= _PATIENT and last is not None and last >= NO_BETTER * price > 0


def unstable(lane: Lane, scene: DataSummary) -> Finding | None:
    """Find a loss that was thrown far up and came back, so that the rate is as high as the first steps can bear."""
    price, rate = (scene.chance or (0.0,))[0], lane.knobs.get("optimizer.lr")
    if not rate or price <= 0 or not late(lane, _BACK) < NO_BETTER * price:
        return None
    found = greatest_rise(lane)
    if found is None:
        return None
    is_thrown = found.high > found.low + _RISE * price and found.high > _TIMES * found.low
    is_past = any(change.step > found.since for change in lane.journal)  # what threw it may have been turned since
    if not is_thrown or is_past or not found.step + _BACK <= lane.step <= found.step + _LONG_AGO:
        return None
    text = message(FINDINGS.english["unstable"], **found._asdict(), chance=price)
    return Finding("unstable", found.since, text, _steadied(lane, scene, found, rate))


def _steadied(lane: Lane, scene: DataSummary, found: Rise, rate: float) -> Cure:
    """Warm up where it was thrown up early, else bound the gradients; a smaller rate is the last thing to try."""
    cure = warmed(lane, scene) if found.since <= _EARLY else None
    cure = cure or clipped(lane)
    if cure is not None:
        return cure
    optimizer = lane.spec.optimizer.with_knobs(lr=_TENTH * rate)
    return Cure(message(CURES.english["slower_fresh"]), settings={"optimizer": optimizer})
