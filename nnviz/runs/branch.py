"""A lane that goes on from where another one was."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import count

from nnviz.catalog import MODELS, check_spec
from nnviz.catalog.check_branches import MOST_RACERS
from nnviz.catalog.schedules import pinned
from nnviz.records.run import Lane
from nnviz.runs.checkpoints import Checkpoints
from nnviz.runs.history import Evaluations, History, past_at
from nnviz.runs.lane_spec import LaneSpec
from nnviz.specs.branches import Leg, PlannedBranch
from nnviz.specs.experiment import Change, Choice, ExperimentSpec
from nnviz.training import Checkpoint, Experiment
from nnviz.words import errors
from nnviz.words.language import message
from nnviz.words.past import PAST

MOST_LANES = MOST_RACERS  # of a run that has branches; seeds of one racer count once


@dataclass(frozen=True, slots=True)
class Branch:
    """A lane that is to join, the updates that the other one had done there, and the changes that are made.

    is_planned: whether they come at their own updates, and nothing else that was planned for the other lane.
    """

    entrant: LaneSpec
    step: int
    changes: tuple[Change, ...] = ()
    is_planned: bool = False


def is_full(lanes: Iterable[LaneSpec | Lane], ahead: Iterable[PlannedBranch] = ()) -> bool:
    """Tell whether a run takes no further branch beside its lanes and those that are planned ahead."""
    return len({each.racer for each in (*lanes, *ahead)}) >= MOST_LANES


def branch_of(
    lanes: Sequence[LaneSpec], parent: str, optimizer: Choice | None = None, label: str = "", *,
    racer: int | None = None, is_at_end: bool = False, taken: Collection[str] = (),
) -> LaneSpec:  # fmt: skip
    """Return a lane that comes from another one, under an id and a name of its own; ValueError where it cannot be.

    racer: its number; None for the next free one.  is_at_end: whether it begins where the other one was done; then it
    goes on until it is stopped.  taken: ids that lanes had which have left: what is kept of those is theirs alone.
    """
    found = next((lane for lane in lanes if lane.id == parent), None)
    if found is None:
        named = errors.listed(lane.id for lane in lanes)
        raise ValueError(message(errors.CHOICES["lane"], name=parent, choices=named))
    if is_full(lanes):
        raise ValueError(message(errors.LANES["many"], most=MOST_LANES))
    if not found.is_stored:
        raise ValueError(message(errors.LANES["unstored"], name=parent))
    spec = check_spec(found.spec.with_(optimizer=optimizer)) if optimizer else found.spec
    spec = pinned(spec).with_(epochs=0) if is_at_end else spec
    number = racer or next(n for n in count(1) if all(lane.racer != n for lane in lanes))
    known = {*taken, *(lane.id for lane in lanes)}
    name = next(each for each in map(str, count(number)) if each not in known)
    roots = len({lane.racer for lane in lanes if not lane.parent})
    label = label or PAST.english["branch_name"].format(number=1 + number - roots)
    return replace(
        found, spec=spec, label=label, racer=number, id=name, parent=parent, journal=(), start=None, past=None,
        is_catching_up=False,
    )  # fmt: skip


def departed(
    branch: Branch, experiment: Experiment, stored: Checkpoints, past: tuple[History, Evaluations]
) -> LaneSpec:
    """Return a branch that goes on from the last moment that is kept of an experiment from not after its step.

    past: what was measured of the experiment.
    """
    is_now = branch.step >= experiment.step and experiment.diverged_at is None
    start = experiment.checkpoint(with_curve=False) if is_now else stored.before(branch.step)
    fresh = _fresh(branch.entrant.spec, experiment.spec)
    start = replace(_without_memory(start, experiment, fresh), curve=experiment.curve.until(start.step))
    if branch.is_planned:
        start, changes = replace(start, pending=()), branch.changes
    else:
        changes = tuple(replace(change, step=start.step) for change in branch.changes)
    earlier = branch.entrant.earlier
    if fresh and start.step > (earlier[-1].until if earlier else 0):  # else the one before did not do anything
        earlier = (*earlier, Leg(experiment.spec.optimizer, start.step))
    return replace(
        branch.entrant, start=start, past=past_at(start, *past), journal=changes, since=start.step, earlier=earlier
    )


def _fresh(spec: ExperimentSpec, before: ExperimentSpec) -> frozenset[str]:
    """Name the fields of the players whose optimizer is another one than before."""
    fields = MODELS[spec.model.name].task.players
    return frozenset(field for field in fields if spec.optimizer_of(field) != before.optimizer_of(field))


def _without_memory(start: Checkpoint, experiment: Experiment, fresh: Collection[str]) -> Checkpoint:
    """Leave out what belongs to an optimizer that another one takes the place of, and what was to be turned in it."""
    if not fresh:
        return start

    def is_gone(turn: Change) -> bool:
        return turn.target.partition(".")[0] in fresh

    kept = [not (is_gone(turn) and turn.step >= start.step) for turn in start.journal]
    states = zip(experiment.players, start.optimizers, strict=True)
    return replace(
        start,
        optimizers=tuple({} if player.field in fresh else state for player, state in states),
        journal=tuple(turn for turn, stays in zip(start.journal, kept, strict=True) if stays),
        marks=tuple(mark for mark, stays in zip(start.marks, kept, strict=True) if stays),
        pending=tuple(turn for turn in start.pending if not is_gone(turn)),
    )
