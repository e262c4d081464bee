"""A saved lane as it is looked at, without training it."""

from nnviz.records.run import Curve, Lane
from nnviz.runs.lane_spec import LaneSpec


def lane_of(kept: LaneSpec) -> Lane:
    """Return what a lane had come to when it was saved: its curve, its evaluations, its records and its changes."""
    start, past = kept.start, kept.past
    if start is None or past is None:
        raise ValueError(kept.id)
    by_step = {part.step: part for part in (*past.kept, past.best, past.latest) if part is not None}
    return Lane(
        label=kept.label, spec=kept.spec, status=past.status, message=past.message, step=start.step,
        epoch=_epoch(start.curve.freeze()), seconds=start.seconds, curve=start.curve.freeze(), records=past.records,
        marks=start.marks, journal=start.journal, racer=kept.racer, id=kept.id, parent=kept.parent,
        evaluations=tuple(by_step[step] for step in sorted(by_step)),
    )  # fmt: skip


def _epoch(curve: Curve) -> float:
    return float(curve.epochs[-1]) if len(curve.epochs) else 0.0
