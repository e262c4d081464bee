"""The course of a lane: its plan as it went, and how far."""

from collections.abc import Sequence

from nnviz.catalog import MODELS, weight_place
from nnviz.catalog.choices import with_knob
from nnviz.export.subject import Length
from nnviz.records.run import Lane
from nnviz.specs.experiment import Change, ExperimentSpec
from nnviz.specs.planned import Planned
from nnviz.words import errors
from nnviz.words.language import message

_AS_MANY = 1000  # updates of a run that has not begun and would go on until it is stopped


def course(
    lane: Lane, lanes: Sequence[Lane], planned: Sequence[Change], train_count: int | None
) -> tuple[Planned, Length]:
    """Return the plan of a lane, each live change at its update, and how many updates it has done.

    A lane that has not begun is taken to its end.  lanes: all of its run.  planned: changes that it was given before.
    train_count: training examples, once they are known.  Raises ValueError for a branch that goes on with another
    optimizer, for which a plan has no word.
    """
    if any(each.id == lane.parent and each.spec.optimizer != lane.spec.optimizer for each in lanes):
        raise ValueError(message(errors.LANES["other_optimizer"]))
    first = [change for change in lane.journal if change.step == 0 and weight_place(change.target) is None]
    spec = lane.spec
    for change in first:  # what was turned before the first update is where it began
        spec = _begun(spec, change)
    done = [change for change in lane.journal if change not in first]
    ahead = [change for change in planned if change.step >= lane.step and change not in lane.journal]
    plan = Planned(spec, journal=(*done, *ahead))
    return plan, _length(plan, lane, train_count)


def _begun(spec: ExperimentSpec, change: Change) -> ExperimentSpec:
    """Let a spec begin with a change; the second of two players follows the first no more."""
    if "second_optimizer" in MODELS[spec.model.name].task.players:
        spec = spec.with_(second_optimizer=spec.optimizer_of("second_optimizer"))
    return with_knob(spec, change.target, change.value)


def _length(plan: Planned, lane: Lane, train_count: int | None) -> Length:
    """Count updates: those that were done, or all there are to do."""
    if lane.step:
        is_whole = 0 < plan.spec.epochs <= lane.epoch
        return Length(lane.step, "end" if is_whole else "here")
    if not plan.spec.epochs or train_count is None or any(change.target == "batch_size" for change in plan.journal):
        return Length(_AS_MANY, "open")
    family = MODELS[plan.spec.model.name]
    size = plan.spec.batch_size * family.task.batches(family.values(plan.spec.model)) * plan.spec.accumulate
    return Length(plan.spec.epochs * -(-train_count // size), "end")
