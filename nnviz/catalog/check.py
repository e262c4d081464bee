"""Whether what is asked for can be run, told from the catalogue."""

import math
from dataclasses import replace
from typing import Any

import torch

from nnviz.catalog.activations import ACTIVATIONS
from nnviz.catalog.datasets import DATASETS, classes_of
from nnviz.catalog.entry import pick
from nnviz.catalog.initializers import INITIALIZERS
from nnviz.catalog.losses import LOSSES, fits
from nnviz.catalog.models import MODELS
from nnviz.catalog.optimizers import OPTIMIZERS
from nnviz.race import RaceSpec
from nnviz.spec import Change, Choice, ExperimentSpec

CATALOGUES = {
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


def losses_for(dataset: Choice) -> list[str]:
    """List the losses that can train on a data set."""
    classes = classes_of(dataset)
    return [name for name, entry in LOSSES.items() if fits(entry.build(), classes)]


def check_spec(spec: ExperimentSpec) -> ExperimentSpec:
    """Return the spec if it can be built; raise ValueError naming the value and the alternatives otherwise."""
    for kind, catalogue in CATALOGUES.items():
        pick(kind, catalogue, getattr(spec, kind))
    if spec.device not in devices():
        raise ValueError(f"there is no device {spec.device!r} here; choose one of {', '.join(devices())}")
    offered = losses_for(spec.dataset)
    if spec.loss.name not in offered:
        raise ValueError(
            f"the loss {spec.loss.name!r} cannot train on {spec.dataset.name!r}; choose one of {', '.join(offered)}"
        )
    return spec


def check_change(spec: ExperimentSpec, change: Change) -> Change:
    """Return a change in its canonical form, or raise ValueError naming what can change."""
    live = {f"optimizer.{knob.name}": knob for knob in OPTIMIZERS[spec.optimizer.name].knobs if knob.live}
    if change.target == "batch_size":
        return replace(change, value=spec.with_(batch_size=_whole(change.value)).batch_size)
    if change.target not in live:
        raise ValueError(f"{change.target!r} cannot change live; choose one of {', '.join([*live, 'batch_size'])}")
    live[change.target].validate(change.value)
    return replace(change, value=float(change.value))


def _whole(value: float) -> Any:
    return int(value) if math.isfinite(value) and value == int(value) else value


def check_race(race: RaceSpec) -> RaceSpec:
    """Return the race if all its lanes can be built and all its turns made; raise ValueError otherwise."""
    specs = [check_spec(spec) for spec in race.specs]
    for turn in race.journal:
        for place in race.places(turn.racer):
            check_change(specs[place], turn.change)
    return race
