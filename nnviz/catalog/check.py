"""Whether what is asked for can be run, told from the catalogue."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import torch

from nnviz.catalog.activations import ACTIVATIONS
from nnviz.catalog.check_branches import checked_branches
from nnviz.catalog.datasets import DATASETS, classes_of
from nnviz.catalog.entry import Entry, pick
from nnviz.catalog.family import Twin
from nnviz.catalog.faults import FAULTS, faults_for
from nnviz.catalog.initializers import INITIALIZERS
from nnviz.catalog.losses import LOSSES
from nnviz.catalog.models import MODELS
from nnviz.catalog.optimizers import OPTIMIZERS
from nnviz.catalog.schedules import SCHEDULES
from nnviz.catalog.switches import SWITCHES, entry_of, live_of, optimizers_of
from nnviz.catalog.weights import check_weight
from nnviz.specs.branches import PlannedBranch
from nnviz.specs.course import Course
from nnviz.specs.experiment import Change, Choice, ExperimentSpec
from nnviz.specs.pairing import Pairing
from nnviz.specs.planned import Plan
from nnviz.specs.race import RaceSpec
from nnviz.specs.weight_name import weight_label, weight_place
from nnviz.words import errors, messages
from nnviz.words.language import Message, message

MLP = Choice("mlp")
CATALOGUES: Mapping[str, Mapping[str, Entry[Any]]] = {
    "dataset": DATASETS,
    "model": MODELS,
    "activation": ACTIVATIONS,
    "initializer": INITIALIZERS,
    "loss": LOSSES,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
}


def devices() -> list[str]:
    """List the devices that this machine can train on."""
    found = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    return [name for name, is_there in found.items() if is_there]


def losses_for(dataset: Choice, model: Choice = MLP) -> list[str]:
    """List the losses with which a network can train on a data set."""
    offered = {name: entry.build() for name, entry in LOSSES.items()}
    if DATASETS[dataset.name].kind == "text":  # an answer at every step: only classes can be compared there
        offered = {name: loss for name, loss in offered.items() if loss.needs == "classes"}
    return MODELS[model.name].task.losses(offered, classes_of(dataset))


def datasets_for(model: Choice) -> list[str]:
    """List the data sets that a network can learn from."""
    return [name for name, entry in DATASETS.items() if entry.kind in MODELS[model.name].takes]


def check_spec(spec: ExperimentSpec) -> ExperimentSpec:
    """Return the spec if it can be built; raise ValueError naming the value and the alternatives otherwise."""
    for kind, catalogue in {**CATALOGUES, **SWITCHES}.items():
        pick(kind, catalogue, getattr(spec, kind))
    _check_second(spec)
    taken = datasets_for(spec.model)
    if spec.dataset.name not in taken:
        raise _refused("data", taken, model=spec.model.name, dataset=spec.dataset.name)
    family = MODELS[spec.model.name]
    if reason := family.refuses(family.values(spec.model), DATASETS[spec.dataset.name].kind):
        raise ValueError(
            message(errors.DATA["refused"], model=str(spec.model), dataset=spec.dataset.name, reason=message(reason))
        )
    _check_batches(spec, spec.batch_size)
    if spec.device not in devices():
        raise _refused("device", devices(), name=spec.device)
    offered = losses_for(spec.dataset, spec.model)
    if spec.loss.name not in offered:
        raise _refused("loss", offered, loss=spec.loss.name, model=spec.model.name, dataset=spec.dataset.name)
    _check_fault(spec)
    return spec


def _refused(key: str, choices: Iterable[str], **values: object) -> ValueError:
    return ValueError(message(errors.CHOICES[key], choices=errors.listed(choices), **values))


def _check_second(spec: ExperimentSpec) -> None:
    """Refuse a second optimizer that is not there or that nobody would use."""
    if spec.second_optimizer is None:
        return
    pick("optimizer", OPTIMIZERS, spec.second_optimizer)
    if "second_optimizer" not in optimizers_of(spec):
        two = [name for name, family in MODELS.items() if "second_optimizer" in family.task.players]
        raise _refused("second", two, model=spec.model.name)


def _check_fault(spec: ExperimentSpec) -> None:
    """Refuse a fault that is not there or cannot be planted into such a run."""
    if spec.fault is None:
        return
    pick("fault", FAULTS, spec.fault)
    offered = faults_for(spec)
    if spec.fault.name not in offered:
        raise _refused(
            "fault",
            offered,
            name=spec.fault.name,
            model=spec.model.name,
            dataset=spec.dataset.name,
            loss=spec.loss.name,
        )


def _check_batches(spec: ExperimentSpec, size: int) -> None:
    """Refuse batches that batch normalisation cannot measure."""
    if size == 1 and MODELS[spec.model.name].values(spec.model).get("batch_norm") == "on":
        raise ValueError(message(errors.NUMBERS["lone"], value=size))


def check_change(spec: ExperimentSpec, change: Change) -> Change:
    """Return a change in its canonical form, or raise ValueError naming what can change."""
    live = {
        f"{field}.{knob.name}": knob
        for field, choice in live_of(spec).items()
        for knob in entry_of(field, choice).knobs
        if knob.live
    }
    if change.target == "batch_size":
        size = spec.with_(batch_size=_whole(change.value)).batch_size
        _check_batches(spec, size)
        return replace(change, value=size)
    if weight_place(change.target) is not None:
        return replace(change, value=check_weight(spec, change.target, change.value))
    if change.target not in live:
        raise _refused("live", [*live, "batch_size"], target=change.target)
    live[change.target].validate(change.value)
    return replace(change, value=float(change.value))


def label_of(spec: ExperimentSpec, target: str) -> Message:
    """Name a live target for readers, with its player where there are two."""
    if weight_place(target) is not None:
        return weight_label(target)
    field, _, name = target.partition(".")
    players = MODELS[spec.model.name].task.players
    if field not in live_of(spec):
        return message(messages.CHANGE["batch_size"])
    found = next(knob for knob in entry_of(field, live_of(spec)[field]).knobs if knob.name == name)
    if len(players) == 1 or field not in players:
        return message(found.label)
    player = message(messages.PLAYERS[players[field]])
    return message(messages.CHANGE["player"], player=player, knob=message(found.label))


def _whole(value: float) -> Any:
    return int(value) if math.isfinite(value) and value == int(value) else value


def check_race(race: RaceSpec) -> RaceSpec:
    """Return the race if all its lanes can be built and all its turns made; raise ValueError otherwise."""
    specs = [check_spec(spec) for spec in race.specs]
    for turn in race.journal:
        for place in race.places(turn.racer):
            check_change(specs[place], turn.change)
    roots = {racer: specs[race.places(racer)[0]] for racer in range(len(race.lanes))}
    return replace(race, branches=check_branches(race.branches, roots))


def check_planned(plan: Plan) -> Plan:
    """Return the plan if its network can be built and all its changes made; raise ValueError otherwise."""
    check_spec(plan.spec)
    journal = tuple(check_change(plan.spec, change) for change in plan.journal)
    return replace(plan, journal=journal, branches=check_branches(plan.branches, {0: plan.spec}))


def check_branches(branches: Sequence[PlannedBranch], roots: Mapping[int, ExperimentSpec]) -> tuple[PlannedBranch, ...]:
    """Return the branches of a plan if all can begin, given what its first lanes train; raise ValueError otherwise."""
    return checked_branches(branches, roots, (check_spec, check_change))


def check_course(course: Course) -> Course:
    """Return the course of a lane if its networks can be built and all its changes made; raise ValueError otherwise."""
    check_spec(course.spec)
    for switch in course.switches:
        check_spec(switch.after(course.spec))
    return replace(course, journal=tuple(check_change(course.spec_at(turn), turn) for turn in course.journal))


def check_pairing(plan: Pairing) -> Pairing:
    """Return the plan of a model's page if `check_planned` does and its twin is there; raise ValueError otherwise."""
    twins = MODELS[check_spec(plan.spec).model.name].twins
    if plan.beside and plan.beside not in twins:
        raise _refused("twin", twins, name=plan.beside)
    twin = twin_of(plan)
    roots = {0: plan.spec, **({1: check_spec(twin.edit(plan.spec))} if twin else {})}
    branches = check_branches(plan.branches, roots)
    return replace(check_planned(replace(plan, branches=())), branches=branches)


def twin_of(plan: Pairing) -> Twin | None:
    """Return the twin beside a network, or None where it trains alone."""
    return MODELS[plan.spec.model.name].twins[plan.beside] if plan.beside else None
