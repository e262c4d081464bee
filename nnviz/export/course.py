"""The course of a lane: its plan as it went, and how far."""

from collections.abc import Iterator, Sequence

from nnviz.catalog import MODELS, weight_place
from nnviz.catalog.choices import with_knob
from nnviz.export.subject import Length
from nnviz.records.run import Lane
from nnviz.specs.course import Course, Switch
from nnviz.specs.experiment import Change, ExperimentSpec
from nnviz.specs.planned import Planned

_AS_MANY = 1000  # updates of a run that has not begun and would go on until it is stopped


def course(lane: Lane, planned: Sequence[Change], train_count: int | None) -> tuple[Course, Length]:
    """Return the plan of a lane, each live change at its update, and how many updates it has done.

    A lane that has not begun is taken to its end.  planned: changes that it was given before, where it has not been
    built.  train_count: training examples, once they are known.
    """
    begun = lane.spec.with_(optimizer=lane.earlier[0].optimizer) if lane.earlier else lane.spec
    switches = tuple(_switches(lane))
    is_led = len(MODELS[begun.model.name].task.players) > 1 and bool(switches)  # the second player follows the first
    first = [] if is_led else [each for each in lane.journal if each.step == 0 and weight_place(each.target) is None]
    spec = begun
    for change in first:  # what was turned before the first update is where it began
        spec = _begun(spec, change)
    done = [change for change in lane.journal if change not in first]
    ahead = [change for change in planned if change.step >= lane.step and change not in lane.journal]
    plan = Course(spec, journal=(*done, *ahead), switches=switches)
    return plan, _length(plan, lane, train_count)


def _switches(lane: Lane) -> Iterator[Switch]:
    """List what came when: the optimizer after each that it had earlier; a second player that follows goes along."""
    players = MODELS[lane.spec.model.name].task.players
    fields = [field for field in players if field == "optimizer" or getattr(lane.spec, field) is None]
    optimizers = [*(leg.optimizer for leg in lane.earlier), lane.spec.optimizer]
    for leg, choice in zip(lane.earlier, optimizers[1:], strict=True):
        yield Switch(leg.until, dict.fromkeys(fields, choice))


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
