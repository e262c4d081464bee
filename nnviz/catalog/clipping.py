"""Bounds on gradients, set by torch's own functions before the optimizer steps."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from torch import Tensor
from torch.nn.utils import clip_grad_norm_, clip_grad_value_

from nnviz.catalog.entry import Entry, Knob
from nnviz.specs.experiment import ExperimentSpec
from nnviz.words.language import Text


@dataclass(slots=True)
class Clipping:
    """A bound on the gradients of one player's parameters; `max` may change while it is used."""

    bound: Callable[[Sequence[Tensor], float], object]
    max: float

    def __call__(self, parameters: Sequence[Tensor]) -> None:
        """Clip the gradients of some parameters in place."""
        self.bound(parameters, self.max)


def _max(label: Text, default: float, help: Text) -> tuple[Knob, ...]:
    return (Knob("max", label, default, 1e-6, 1e6, log=True, live=True, shown=(0.001, 100.0), help=help),)


CLIPPINGS: Mapping[str, Entry[Clipping | None]] = {
    "none": Entry("None", lambda: None, note="The optimizer gets the gradients as they are."),
    "norm": Entry(
        "By norm",
        lambda max: Clipping(clip_grad_norm_, max),
        _max(
            "Largest gradient norm",
            1.0,
            "All gradients of a network together, as one vector, are cut to this length where they are longer.",
        ),
        "A gradient vector longer than the bound keeps its direction and loses length (Pascanu et al. 2013). Of two "
        "players each one's gradients are measured by themselves. Histograms show what is left.",
    ),
    "value": Entry(
        "By value",
        lambda max: Clipping(clip_grad_value_, max),
        _max("Largest gradient", 0.1, "Each single gradient beyond this, or below its negative, is set to it."),
        "Each gradient beyond the bound is set to it, so the step may turn. Histograms show what is left.",
    ),
}


def clipping_of(spec: ExperimentSpec) -> Clipping | None:
    """Build what a spec clips gradients with; None where it lets them be."""
    entry = CLIPPINGS[spec.clipping.name]
    return entry.build(**entry.values(spec.clipping))
