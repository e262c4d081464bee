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

SWITCHES: Mapping[str, Mapping[str, Entry[Any]]] = {
    "order": ORDERS,
    "clipping": CLIPPINGS,
    "decay": DECAYS,
    "averaging": AVERAGINGS,
}

NUMBERS: Mapping[str, Knob] = {
    "accumulate": Knob(
        "accumulate",
        "Batches per update",
        1,
        1,
        64,
        whole=True,
        help="Gradient accumulation: the gradients of so many batches are added up, each by its share of the examples, "
        "before the optimizer steps once. Apart from rounding that is one large batch, in the memory of a small one; "
        "batch normalisation still measures each batch by itself.",
    )
}


def entry_of(field: str, choice: Choice) -> Entry[Any]:
    """Return the entry of a choice whose knobs may be live: of an optimizer, or of a switch."""
    return SWITCHES.get(field, OPTIMIZERS)[choice.name]


def optimizers_of(spec: ExperimentSpec) -> dict[str, Choice]:
    """List the optimizers that train a spec's network, by their fields."""
    return {field: spec.optimizer_of(field) for field in MODELS[spec.model.name].task.players}


def live_of(spec: ExperimentSpec) -> dict[str, Choice]:
    """List the choices of a spec whose knobs may be live, by their fields: its optimizers, then the switches."""
    return {**optimizers_of(spec), **{field: getattr(spec, field) for field in SWITCHES}}
