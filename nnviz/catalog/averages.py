"""Averages of the weights over the updates, taken by torch's own functions, for evaluation."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from torch import Tensor
from torch.optim.swa_utils import get_ema_multi_avg_fn, get_swa_multi_avg_fn

from nnviz.catalog.entry import Entry, Knob
from nnviz.specs.experiment import ExperimentSpec


@dataclass(frozen=True, slots=True)
class Averaging:
    """How an average takes one more set of weights in; after how many updates it begins, with a copy.

    made: the function of torch, and what it was given, as a script writes them.
    """

    take: Callable[[list[Tensor], list[Tensor], Any], None]
    made: str
    start: int = 0


def _ema(decay: float) -> Averaging:
    return Averaging(get_ema_multi_avg_fn(float(decay)), f"get_ema_multi_avg_fn({float(decay)!r})")  # type: ignore[no-untyped-call]


def _swa(start: int) -> Averaging:
    return Averaging(get_swa_multi_avg_fn(), "get_swa_multi_avg_fn()", start)  # type: ignore[no-untyped-call]


_SHOWN = (
    "Losses, accuracies and answers to test examples are those of the average; the loss of each update, and what is "
    "drawn of weights and units, are of the network in training."
)
AVERAGINGS: Mapping[str, Entry[Averaging | None]] = {
    "none": Entry("None", lambda: None, note="The weights are evaluated as they are."),
    "ema": Entry(
        "Moving average",
        _ema,
        (
            Knob(
                "decay",
                "Decay",
                0.99,
                0.0,
                0.9999,
                help="The share of the average that stays at each update: 0.99 reaches back some 100 updates.",
            ),
        ),
        f"After each update the average moves a little way towards the weights. {_SHOWN}",
    ),
    "swa": Entry(
        "Mean of all",
        _swa,
        (
            Knob(
                "start",
                "Average from update",
                100,
                0,
                100_000,
                log=True,
                whole=True,
                help="So many updates are left out; until then the weights are evaluated as they are.",
            ),
        ),
        f"The mean of the weights after each update (Izmailov et al. 2018). {_SHOWN}",
    ),
}


def averaging_of(spec: ExperimentSpec) -> Averaging | None:
    """Build what a spec averages weights with; None where it does not."""
    entry = AVERAGINGS[spec.averaging.name]
    return entry.build(**entry.values(spec.averaging))
