"""The curves of an earlier run, kept beside those of a fresh one."""

from dataclasses import replace

from nnviz.records.run import Lane, Snapshot
from nnviz.specs.experiment import ExperimentSpec


def ghosts_of(snapshot: Snapshot, spec: ExperimentSpec) -> tuple[Lane, ...]:
    """Keep the curves of lanes that can be compared with a spec, without their heavy parts."""
    lanes = ghosts_that_fit(tuple(lane for lane in snapshot.lanes if lane.step), spec)
    return tuple(replace(lane, records=tuple(record.without_readings() for record in lane.records)) for lane in lanes)


def ghosts_that_fit(lanes: tuple[Lane, ...], spec: ExperimentSpec) -> tuple[Lane, ...]:
    """Keep the curves that can be compared with a spec."""
    return tuple(lane for lane in lanes if (lane.spec.dataset, lane.spec.loss) == (spec.dataset, spec.loss))
