"""The run that a script is about, with what the catalogue knows of its parts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from torch import nn

from nnviz.catalog import MODELS
from nnviz.catalog.check import check_course, check_planned
from nnviz.catalog.family import Family
from nnviz.catalog.faults import Fault, fault_of, loss_of
from nnviz.catalog.generate import Generate
from nnviz.catalog.losses import Loss
from nnviz.catalog.models import MLP
from nnviz.catalog.reconstruct import Reconstruct
from nnviz.export.borrowed import Borrowed, Import
from nnviz.specs.course import Course, Switch
from nnviz.specs.experiment import Change, ExperimentSpec
from nnviz.specs.planned import Planned
from nnviz.training.origin import outline

TORCH = Import("torch")
NN = Import("torch", "nn")
FUNCTIONAL = Import("torch.nn", "functional", "F")


class Length(NamedTuple):
    """How many updates a script does, and what is special about that: a key of the comments."""

    updates: int
    until: Literal["here", "end", "open"] = "here"


@dataclass(frozen=True, slots=True)
class Subject:
    """A spec, the changes that come before its updates, and how many updates there are.

    model: its network, without numbers.  examples: those that it trains on.  switches: other optimizers on the way.
    """

    spec: ExperimentSpec
    journal: tuple[Change, ...]
    length: Length
    model: nn.Module
    loss: Loss
    examples: int
    switches: tuple[Switch, ...] = ()
    borrowed: Borrowed = field(default_factory=Borrowed)

    @classmethod
    def of(cls, plan: Planned, length: Length) -> Subject:
        """Look a plan's parts up; raises ValueError where it cannot be run, or its data is not on this machine."""
        plan = check_course(plan) if isinstance(plan, Course) else check_planned(plan)
        model, data = outline(plan.spec.with_(device="cpu"))  # an outline has no numbers to be kept elsewhere
        switches = plan.switches if isinstance(plan, Course) else ()
        return cls(plan.spec, plan.journal, length, model, loss_of(plan.spec), len(data.train_x), switches)

    @property
    def family(self) -> Family:
        """The network's entry."""
        return MODELS[self.spec.model.name]

    @property
    def fault(self) -> Fault | None:
        """What is planted into it."""
        return fault_of(self.spec)

    @property
    def knobs(self) -> dict[str, Any]:
        """The network's knobs."""
        return self.family.values(self.spec.model)

    @property
    def is_near(self) -> bool:
        """Whether it trains on the processor."""
        return self.spec.device == "cpu"

    def there(self, code: str) -> str:
        """Write how something that is drawn on the processor comes to where it trains."""
        return code if self.is_near else f'{code}.to("{self.spec.device}")'

    @property
    def is_chain(self) -> bool:
        """Whether the weights are drawn one after the other; others have seeds of their own."""
        return isinstance(self.model, MLP)

    @property
    def is_duel(self) -> bool:
        """Whether two networks train against each other."""
        return isinstance(self.family.task, Generate)

    @property
    def is_mirror(self) -> bool:
        """Whether the input is what is to be given back."""
        return isinstance(self.family.task, Reconstruct)

    @property
    def spread(self) -> float:
        """The standard deviation of what is added to an input."""
        return float(self.knobs["noise"]) if self.is_mirror else 0.0

    @property
    def drops(self) -> bool:
        """Whether anything is dropped in training."""
        return any(isinstance(module, nn.Dropout) and module.p > 0 for module in self.model.modules())

    @property
    def is_noisy(self) -> bool:
        """Whether the network draws while it learns."""
        return self.is_duel or bool(self.spread) or self.drops

    @property
    def players(self) -> dict[str, str]:
        """The name of each optimizer in the script, by the field of the spec that chooses it."""
        players = self.family.task.players
        return {name: f"{child}_optimizer" if child else "optimizer" for name, child in players.items()}
