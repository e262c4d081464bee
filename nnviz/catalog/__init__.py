"""Everything that can be chosen, and the check of a whole spec against it."""

import torch

from nnviz.catalog.activations import ACTIVATIONS
from nnviz.catalog.datasets import DATASETS, classes_of
from nnviz.catalog.entry import Entry, Knob, pick
from nnviz.catalog.initializers import INITIALIZERS
from nnviz.catalog.losses import LOSSES, fits
from nnviz.catalog.models import MODELS
from nnviz.catalog.optimizers import OPTIMIZERS
from nnviz.spec import Choice, ExperimentSpec

__all__ = [
    "ACTIVATIONS",
    "CATALOGUES",
    "DATASETS",
    "INITIALIZERS",
    "LOSSES",
    "MODELS",
    "OPTIMIZERS",
    "Entry",
    "Knob",
    "check_spec",
    "devices",
    "losses_for",
    "pick",
]

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
