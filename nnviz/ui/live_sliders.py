"""The sliders of live knobs: which there are, what they are called, where they stop and in which words."""

import math
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from nnviz.catalog import Knob, entry_of, live_of, optimizers_of
from nnviz.records.run import Snapshot
from nnviz.sessions.session import Session
from nnviz.specs.experiment import ExperimentSpec
from nnviz.ui.scales import log_stops
from nnviz.words import texts
from nnviz.words.language import say
from nnviz.words.numbers import number

BATCHES = tuple(2**power for power in range(11))
BATCH = "live.batch_size"  # the name of its slider

Live = list[tuple[str, Knob]]


class Slider(NamedTuple):
    """One that stands on the page."""

    name: str
    target: str
    rule: str  # of the optimizer that it belongs to; none for the batch size
    stops: Mapping[str, float] | None  # by their words; None where its places are the values


def first_and_more(spec: ExperimentSpec) -> tuple[Live, Live]:
    """Part the live knobs, each with the field of its optimizer: at first, and for who asks for more.

    Where two networks learn, there is room for their learning rates only.
    """
    live = [(field, knob) for field, rule in live_of(spec).items() for knob in entry_of(field, rule).knobs if knob.live]
    is_single = len(optimizers_of(spec)) == 1
    first = [(field, knob) for field, knob in live if knob.typed or (is_single and not knob.more)]
    return first, [each for each in live if each not in first]


def slider_name(field: str, rule: str, knob: str) -> str:
    """Name the slider of a live knob of an optimizer."""
    return ".".join(("live", *([] if field == "optimizer" else [field]), rule, knob))


def batch_words(snapshot: Snapshot) -> Callable[[float], str]:
    """Return how a batch size is written; one that takes in all training examples says so."""
    most = snapshot.scene.train_count if snapshot.scene else math.inf
    return lambda size: number(size) if size < most else say(texts.WHOLE_BATCH, size=number(size), count=number(most))


def live_sliders(session: Session, snapshot: Snapshot) -> Iterator[Slider]:
    """List the sliders as they stand on a page that shows the present values."""
    for field, knob in (each for part in first_and_more(session.spec) for each in part):
        target, rule = f"{field}.{knob.name}", session.spec.optimizer_of(field).name
        stops = _stops(knob, session.knob(target, snapshot)) if knob.log else None
        yield Slider(slider_name(field, rule, knob.name), target, rule, stops)
    words = batch_words(snapshot)
    yield Slider(BATCH, "batch_size", "", {words(size): float(size) for size in BATCHES})


def _stops(knob: Knob, present: float) -> dict[str, float]:
    return {number(stop): stop for stop in (*log_stops(knob), present)}
