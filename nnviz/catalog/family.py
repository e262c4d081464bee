"""The shape of a model's entry: a family of networks, what it is asked for, and what is worth seeing of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from torch import nn

from nnviz.catalog.entry import Entry
from nnviz.catalog.task import PREDICT, Task
from nnviz.specs.experiment import Choice, ExperimentSpec, Value
from nnviz.words.language import Text

PICTURES = frozenset({"picture"})
LARGE = ("mnist", "fashion_mnist")
FLAT = frozenset({"points", "curve", "picture", "sequence"})  # what a network of plain layers can take


@dataclass(frozen=True, slots=True)
class Paper:
    """Where a family was published."""

    authors: str
    year: int
    title: str
    venue: str
    link: str


@dataclass(frozen=True, slots=True)
class Twin:
    """A network to train beside: the same experiment with one thing changed, by an edit that undoes itself.

    name: what the one or the other network is called when they train side by side.
    """

    label: Text
    name: Callable[[ExperimentSpec], str]
    edit: Callable[[ExperimentSpec], ExperimentSpec]

    @classmethod
    def of_knob(cls, label: str, own: str, knob: str, usual: Value = "off", other: Value = "on") -> "Twin":
        """Return a twin that differs in one knob of the model, named `label` with its other value and `own` without."""

        def has_other(spec: ExperimentSpec) -> bool:
            return spec.model.knobs.get(knob, usual) == other

        def edit(spec: ExperimentSpec) -> ExperimentSpec:
            return spec.with_(model=spec.model.with_knobs(**{knob: usual if has_other(spec) else other}))

        return cls(label, lambda spec: label if has_other(spec) else own, edit)


class Piece(NamedTuple):
    """A part of a network that is drawn by itself: a title, the module and how many numbers one of its inputs has."""

    title: Text
    module: nn.Module
    inputs: int


@dataclass(frozen=True, slots=True)
class Family(Entry[nn.Module]):
    """A family of networks; `build(data, outputs, activation, **knobs)` makes one, its weights not yet set.

    task: what it is asked for.  takes: the kinds of data sets it can learn from.  usual: settings that suit it.
    instruments: names of what is measured of it beyond every network (FAMILY_INSTRUMENTS).
    refuses: a sentence where the values of the knobs do not go with a kind of data, else "".
    measured: training examples whose loss is measured.  watching: the share of training time that measuring may take.
    """

    task: Task = PREDICT
    takes: frozenset[str] = FLAT
    refuses: Callable[[Mapping[str, Any], str], str] = lambda values, kind: ""
    usual: ExperimentSpec = field(default_factory=ExperimentSpec)
    usual_for: Mapping[str, ExperimentSpec] = field(default_factory=dict)  # where a data set needs other settings
    instruments: tuple[str, ...] = ()
    twins: Mapping[str, Twin] = field(default_factory=dict)
    beside: str = ""  # the twin that its page opens with
    bends: bool = True  # whether the chosen activation is used
    measured: int = 2000
    watching: float = 0.02
    paper: Paper | None = None
    networks: tuple[type[nn.Module], ...] = ()  # whose code the model's card shows
    pieces: Callable[[nn.Module, int], list[Piece]] = lambda model, inputs: [Piece("", model, inputs)]


def on_large(usual: ExperimentSpec) -> dict[str, ExperimentSpec]:
    """Put settings on the large sets of pictures; a thousand test pictures can be measured every few seconds."""
    return {name: usual.with_(dataset=Choice.of(name, test_size=1000)) for name in LARGE}
