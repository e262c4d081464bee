"""Everything that can be chosen, and the check of a whole spec against it."""

from nnviz.catalog.activations import ACTIVATIONS
from nnviz.catalog.check import (
    CATALOGUES,
    check_change,
    check_race,
    check_spec,
    datasets_for,
    devices,
    label_of,
    losses_for,
)
from nnviz.catalog.datasets import DATASETS
from nnviz.catalog.entry import Entry, Knob, pick
from nnviz.catalog.initializers import INITIALIZERS
from nnviz.catalog.links import read_descent, read_experiment, read_planned, read_race
from nnviz.catalog.losses import LOSSES
from nnviz.catalog.models import MODELS
from nnviz.catalog.optimizers import OPTIMIZERS
from nnviz.catalog.schedules import SCHEDULES
from nnviz.catalog.suiting import suited
from nnviz.catalog.surfaces import SURFACES, check_descent
from nnviz.catalog.switches import NUMBERS, SWITCHES, entry_of, live_of, optimizers_of
from nnviz.catalog.weights import sizes_of
from nnviz.specs.weight_name import weight_place, weight_target

__all__ = [
    "ACTIVATIONS",
    "CATALOGUES",
    "DATASETS",
    "INITIALIZERS",
    "LOSSES",
    "MODELS",
    "NUMBERS",
    "OPTIMIZERS",
    "SCHEDULES",
    "SURFACES",
    "SWITCHES",
    "Entry",
    "Knob",
    "check_change",
    "check_descent",
    "check_race",
    "check_spec",
    "datasets_for",
    "devices",
    "entry_of",
    "label_of",
    "live_of",
    "losses_for",
    "optimizers_of",
    "pick",
    "read_descent",
    "read_experiment",
    "read_planned",
    "read_race",
    "sizes_of",
    "suited",
    "weight_place",
    "weight_target",
]
