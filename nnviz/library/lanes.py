"""A saved lane as it is looked at, without training it."""

from nnviz.records.run import Curve, Lane
from nnviz.runs.history import Evaluations
from nnviz.runs.lane_spec import LaneSpec


def lane_of(kept: LaneSpec) -> Lane:
    """Return what a lane had come to when it was saved: its curve, its evaluations, its records and its changes."""
    start, past = kept.start, kept.past
    if start is None or start.curve is None or past is None:
        raise ValueError(kept.id)
    return Lane(
        label=kept.label, spec=kept.spec, status=past.status, message=past.message, step=start.step,
        epoch=_epoch(start.curve.freeze()), seconds=start.seconds, curve=start.curve.freeze(), records=past.records,
        marks=start.marks, journal=start.journal, racer=kept.racer, id=kept.id, parent=kept.parent,
        since=kept.since, earlier=kept.earlier, pending=start.pending, evaluations=Evaluations(past).all,
    )  # fmt: skip


def _epoch(curve: Curve) -> float:
    return float(curve.epochs[-1]) if len(curve.epochs) else 0.0
