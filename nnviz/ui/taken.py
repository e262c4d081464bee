"""What is taken of a run: one lane's plan as it went, and how far."""

from nnviz.catalog import MODELS, weight_place
from nnviz.export.subject import Length
from nnviz.records.run import Lane, Snapshot
from nnviz.sessions.choices import with_knob
from nnviz.sessions.session import Session
from nnviz.specs.experiment import Change, ExperimentSpec
from nnviz.specs.planned import Planned

_AS_MANY = 1000  # updates of a run that has not begun and would go on until it is stopped


def taken(session: Session, snapshot: Snapshot, place: int) -> tuple[Planned, Length]:
    """Return the plan of a lane, each live change at its update, and how many updates it has done.

    A lane that has not begun is taken to its end.
    """
    lane = snapshot.lanes[place]
    first = [change for change in lane.journal if change.step == 0 and weight_place(change.target) is None]
    spec = lane.spec
    for change in first:  # what was turned before the first update is where it began
        spec = _begun(spec, change)
    done = [change for change in lane.journal if change not in first]
    ahead = [change for change in _planned(session, lane) if change.step >= lane.step and change not in lane.journal]
    plan = Planned(spec, journal=(*done, *ahead))
    return plan, _length(plan, lane, snapshot)


def _begun(spec: ExperimentSpec, change: Change) -> ExperimentSpec:
    """Let a spec begin with a change; the second of two players follows the first no more."""
    if "second_optimizer" in MODELS[spec.model.name].task.players:
        spec = spec.with_(second_optimizer=spec.optimizer_of("second_optimizer"))
    return with_knob(spec, change.target, change.value)


def _planned(session: Session, lane: Lane) -> list[Change]:
    """List the changes that a lane was given before it began."""
    turns = session.stand.plan.journal
    return [getattr(turn, "change", turn) for turn in turns if getattr(turn, "racer", None) in (None, lane.racer)]


def _length(plan: Planned, lane: Lane, snapshot: Snapshot) -> Length:
    """Count updates: those that were done, or all there are to do."""
    if lane.step:
        is_whole = 0 < plan.spec.epochs <= lane.epoch
        return Length(lane.step, "end" if is_whole else "here")
    if not plan.spec.epochs or snapshot.scene is None or any(change.target == "batch_size" for change in plan.journal):
        return Length(_AS_MANY, "open")
    family = MODELS[plan.spec.model.name]
    size = plan.spec.batch_size * family.task.batches(family.values(plan.spec.model))
    return Length(plan.spec.epochs * -(-snapshot.scene.train_count // size), "end")
