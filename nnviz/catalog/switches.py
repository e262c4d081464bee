"""What can be switched about training beside the optimizer, by the field of a spec."""

from collections.abc import Mapping
from typing import Any

from nnviz.catalog.averages import AVERAGINGS
from nnviz.catalog.clipping import CLIPPINGS
from nnviz.catalog.decays import DECAYS
from nnviz.catalog.entry import Entry, Knob
from nnviz.catalog.models import MODELS
from nnviz.catalog.optimizers import OPTIMIZERS
from nnviz.catalog.orders import ORDERS
from nnviz.specs.experiment import Choice, ExperimentSpec
from nnviz.words import texts

SWITCHES: Mapping[str, Mapping[str, Entry[Any]]] = {
    "order": ORDERS,
    "clipping": CLIPPINGS,
    "decay": DECAYS,
    "averaging": AVERAGINGS,
}

_MANY, _MANY_HELP = texts.SETTINGS.english["accumulate"]
NUMBERS: Mapping[str, Knob] = {"accumulate": Knob("accumulate", _MANY, 1, 1, 64, whole=True, help=_MANY_HELP)}


def entry_of(field: str, choice: Choice) -> Entry[Any]:
    """Return the entry of a choice whose knobs may be live: of an optimizer, or of a switch."""
    return SWITCHES.get(field, OPTIMIZERS)[choice.name]


def optimizers_of(spec: ExperimentSpec) -> dict[str, Choice]:
    """List the optimizers that train a spec's network, by their fields."""
    return {field: spec.optimizer_of(field) for field in MODELS[spec.model.name].task.players}


def live_of(spec: ExperimentSpec) -> dict[str, Choice]:
    """List the choices of a spec whose knobs may be live, by their fields: its optimizers, then the switches."""
    return {**optimizers_of(spec), **{field: getattr(spec, field) for field in SWITCHES}}
