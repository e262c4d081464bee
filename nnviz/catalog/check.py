"""Whether what is asked for can be run, told from the catalogue."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import torch

from nnviz.catalog.activations import ACTIVATIONS
from nnviz.catalog.datasets import DATASETS, classes_of
from nnviz.catalog.entry import Entry, pick
from nnviz.catalog.initializers import INITIALIZERS
from nnviz.catalog.losses import LOSSES
from nnviz.catalog.models import MODELS
from nnviz.catalog.optimizers import OPTIMIZERS
from nnviz.race import RaceSpec
from nnviz.spec import Change, Choice, ExperimentSpec

MLP = Choice("mlp")
CATALOGUES: Mapping[str, Mapping[str, Entry[Any]]] = {
    "dataset": DATASETS,
    "model": MODELS,
    "activation": ACTIVATIONS,
    "initializer": INITIALIZERS,
    "loss": LOSSES,
    "optimizer": OPTIMIZERS,
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


def optimizers_of(spec: ExperimentSpec) -> dict[str, Choice]:
    """List the optimizers that train a spec's network, by their fields."""
    return {field: spec.optimizer_of(field) for field in MODELS[spec.model.name].task.players}


def check_spec(spec: ExperimentSpec) -> ExperimentSpec:
    """Return the spec if it can be built; raise ValueError naming the value and the alternatives otherwise."""
    for kind, catalogue in CATALOGUES.items():
        pick(kind, catalogue, getattr(spec, kind))
    _check_second(spec)
    taken = datasets_for(spec.model)
    if spec.dataset.name not in taken:
        raise ValueError(
            f"the model {spec.model.name!r} cannot learn from {spec.dataset.name!r}; choose one of {', '.join(taken)}"
        )
    family = MODELS[spec.model.name]
    if reason := family.refuses(family.values(spec.model), DATASETS[spec.dataset.name].kind):
        raise ValueError(f"the model '{spec.model}' cannot learn from {spec.dataset.name!r}: {reason}")
    if spec.device not in devices():
        raise ValueError(f"there is no device {spec.device!r} here; choose one of {', '.join(devices())}")
    offered = losses_for(spec.dataset, spec.model)
    if spec.loss.name not in offered:
        raise ValueError(
            f"the loss {spec.loss.name!r} cannot train {spec.model.name!r} on {spec.dataset.name!r}; "
            f"choose one of {', '.join(offered)}"
        )
    return spec


def _check_second(spec: ExperimentSpec) -> None:
    """Refuse a second optimizer that is not there or that nobody would use."""
    if spec.second_optimizer is None:
        return
    pick("optimizer", OPTIMIZERS, spec.second_optimizer)
    if "second_optimizer" not in optimizers_of(spec):
        two = [name for name, family in MODELS.items() if "second_optimizer" in family.task.players]
        raise ValueError(
            f"the model {spec.model.name!r} has no second optimizer; models that have one: {', '.join(two) or 'none'}"
        )


def check_change(spec: ExperimentSpec, change: Change) -> Change:
    """Return a change in its canonical form, or raise ValueError naming what can change."""
    live = {
        f"{field}.{knob.name}": knob
        for field, choice in optimizers_of(spec).items()
        for knob in OPTIMIZERS[choice.name].knobs
        if knob.live
    }
    if change.target == "batch_size":
        return replace(change, value=spec.with_(batch_size=_whole(change.value)).batch_size)
    if change.target not in live:
        raise ValueError(f"{change.target!r} cannot change live; choose one of {', '.join([*live, 'batch_size'])}")
    live[change.target].validate(change.value)
    return replace(change, value=float(change.value))


def label_of(spec: ExperimentSpec, target: str) -> str:
    """Name a live target for readers, with its player where there are two."""
    field, _, name = target.partition(".")
    players = MODELS[spec.model.name].task.players
    if field not in players:
        return "Batch size"
    label = next(knob.label for knob in OPTIMIZERS[spec.optimizer_of(field).name].knobs if knob.name == name)
    return f"{players[field].capitalize()}: {label.lower()}" if len(players) > 1 else label


def _whole(value: float) -> Any:
    return int(value) if math.isfinite(value) and value == int(value) else value


def check_race(race: RaceSpec) -> RaceSpec:
    """Return the race if all its lanes can be built and all its turns made; raise ValueError otherwise."""
    specs = [check_spec(spec) for spec in race.specs]
    for turn in race.journal:
        for place in race.places(turn.racer):
            check_change(specs[place], turn.change)
    return race
