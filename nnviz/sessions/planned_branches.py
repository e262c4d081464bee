"""The branches of a run as its plan has them, so that a link of it lets them begin again."""

from collections.abc import Iterable, Mapping, Sequence

from nnviz.catalog import MODELS, weight_place
from nnviz.records.run import Lane
from nnviz.runs.source import Source
from nnviz.specs.branches import PlannedBranch
from nnviz.specs.experiment import Change, ExperimentSpec


def is_first(spec: ExperimentSpec, change: Change) -> bool:
    """Tell whether a change can be written into what a run begins with; of two players one may follow the other."""
    is_alone = len(MODELS[spec.model.name].task.players) == 1 or change.target == "batch_size"
    return change.step == 0 and is_alone and weight_place(change.target) is None


def planned_branches(planned: Iterable[PlannedBranch], lanes: Sequence[Lane], run: Source) -> tuple[PlannedBranch, ...]:
    """Return the branches that have begun as they went, and those that are still ahead, each after its parent.

    One is left out whose parent has been let go: a plan has no word for where that one was.
    """
    by_id = {lane.id: lane for lane in lanes}
    begun = {lane.racer: _as_it_went(lane, by_id[lane.parent]) for lane in lanes if lane.parent in by_id}
    there = {each.racer for each in (*getattr(run, "lanes", ()), *getattr(run, "ahead", ()))}
    ahead = {each.racer: each for each in planned if each.racer in there - {lane.racer for lane in lanes}}
    return tuple(_in_order({**begun, **ahead}, {lane.racer for lane in lanes if not lane.parent}))


def is_untold(lanes: Sequence[Lane]) -> bool:
    """Tell whether there is a branch that is left out."""
    by_id = {lane.id: lane for lane in lanes}
    return any(lane.parent and lane.parent not in by_id for lane in lanes)


def _as_it_went(lane: Lane, parent: Lane) -> PlannedBranch:
    """Describe a branch; what was planned for it is what it would go on with."""
    own = tuple(change for change in lane.journal if change.step >= lane.since)
    optimizer = lane.spec.optimizer if lane.spec.optimizer != parent.spec.optimizer else None
    return PlannedBranch(lane.racer, parent.racer, lane.since, optimizer, (*own, *lane.pending))


def _in_order(branches: Mapping[int, PlannedBranch], roots: Iterable[int]) -> Iterable[PlannedBranch]:
    """Put each behind the one that it comes from; what comes from nobody is left out."""
    known, left = set(roots), dict(sorted(branches.items()))
    while ready := [each for each in left.values() if each.parent in known]:
        yield ready[0]
        known.add(ready[0].racer)
        del left[ready[0].racer]
