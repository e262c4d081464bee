"""The learning-rate schedules: what the rate of the slider is multiplied by, update by update.

rate(update) = slider x factor(update).  Factors are functions of the number of updates done, or of the training
losses until then; a hand on the slider moves the rate that they multiply, and they go on.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from nnviz.catalog.entry import Entry, Knob
from nnviz.catalog.plateau import Plateau
from nnviz.specs.experiment import ExperimentSpec

CONSTANT = "constant"
ENDLESS = 30  # epochs that a schedule "as long as the run" takes where the run has no end


class Span(NamedTuple):
    """How long a run is: updates in an epoch at the batch size that it begins with, and epochs (0: endless)."""

    per_epoch: int
    epochs: int

    def updates(self, epochs: float) -> int:
        """Turn epochs into updates, one at the least; 0 stands for all of the run's."""
        return max(1, round((epochs or self.epochs or ENDLESS) * self.per_epoch))


@dataclass(frozen=True, slots=True)
class Schedule:
    """An entry with its knobs as numbers: a function of the update, or a class that hears each update's loss."""

    rule: Callable[..., Any]
    given: Mapping[str, float]  # its further arguments

    @property
    def hears(self) -> bool:
        """Whether it depends on the losses, so that nobody knows it ahead."""
        return isinstance(self.rule, type)

    def factor(self, step: int) -> float:
        """Return what the rate is multiplied by after so many updates; of one that hears: at its beginning."""
        return 1.0 if self.hears else float(self.rule(step, **self.given))


def steps(step: int, every: int, gamma: float) -> float:
    """Multiply by gamma once every so many updates."""
    return float(gamma ** (step // every))


def exponential(step: int, per_epoch: int, gamma: float) -> float:
    """Multiply by the same share at each update, by gamma in an epoch."""
    return float(gamma ** (step / per_epoch))


def cosine(step: int, length: int, floor: float) -> float:
    """Fall from 1 to the floor along half a wave of the cosine, and stay there."""
    return floor + (1 - floor) * (1 + math.cos(math.pi * min(step / length, 1.0))) / 2


def warmup_cosine(step: int, rise: int, length: int, start: float, floor: float) -> float:
    """Rise in a straight line, then fall along half a wave of the cosine, and stay there."""
    if step < rise:
        return start + (1 - start) * step / rise
    share = min((step - rise) / max(1, length - rise), 1.0)
    return floor + (1 - floor) * (1 + math.cos(math.pi * share)) / 2


def one_cycle(step: int, length: int, rise: float, div_factor: float, final_div_factor: float) -> float:
    """Rise to 1 along half a wave of the cosine, then fall much lower along another one, and stay there."""
    low, last, top = 1 / div_factor, length - 1, rise * length - 1
    if step <= top and top > 0:
        return 1 + (low - 1) / 2 * (1 + math.cos(math.pi * step / top))
    end = low / final_div_factor
    return end + (1 - end) / 2 * (1 + math.cos(math.pi * min((step - top) / (last - top), 1.0)))


def cyclic(step: int, half: int, low: float) -> float:
    """Go up and down in straight lines between low and 1, for ever."""
    place = step % (2 * half) / half
    return low + (1 - low) * (place if place <= 1 else 2 - place)


def constant(step: int) -> float:
    """Leave the rate as it is."""
    return 1.0


def _steps(span: Span, every: float, gamma: float) -> Schedule:
    return Schedule(steps, {"every": span.updates(every), "gamma": gamma})


def _exponential(span: Span, gamma: float) -> Schedule:
    return Schedule(exponential, {"per_epoch": span.per_epoch, "gamma": gamma})


def _as_long(rule: Callable[..., float]) -> Callable[..., Schedule]:
    """Build one that has a length of its own, or that of the run."""
    return lambda span, epochs, **more: Schedule(rule, {"length": span.updates(epochs), **more})


def _warmed(span: Span, epochs: float, warmup: float, **more: float) -> Schedule:
    length = span.updates(epochs)
    return Schedule(warmup_cosine, {"rise": round(warmup * length), "length": length, **more})


def _cyclic(span: Span, half: float, low: float) -> Schedule:
    return Schedule(cyclic, {"half": span.updates(half), "low": low})


def _plateau(span: Span, **more: float) -> Schedule:
    return Schedule(Plateau, {"window": span.per_epoch, **more})


_LENGTH = Knob(
    "epochs",
    "Length in epochs",
    0,
    0,
    100_000,
    log=True,
    shown=(1, 1000),
    help="0: as long as the run; 30 epochs where that has no end. Then the rate stays where it is. Counted in updates "
    "of the batch size that the run begins with: another one on the way changes nothing of it.",
)


def _gamma(default: float, text: str) -> Knob:
    return Knob("gamma", "Multiplied by", default, 0.001, 1.0, help=text)


def _floor(default: float) -> Knob:
    return Knob(
        "floor",
        "Lowest share",
        default,
        0.0,
        1.0,
        log=True,
        shown=(1e-4, 1.0),
        more=True,
        help="The factor falls no lower than this.",
    )


SCHEDULES: Mapping[str, Entry[Schedule]] = {
    CONSTANT: Entry("Constant", lambda span: Schedule(constant, {}), (), "The rate is what the slider says."),
    "step": Entry(
        "Step",
        _steps,
        (
            Knob(
                "every",
                "Epochs between steps",
                10,
                0.01,
                100_000,
                log=True,
                shown=(0.1, 1000),
                help="How long each rate lasts.",
            ),
            _gamma(0.1, "The rate is multiplied by this at each step."),
        ),
        "The rate drops by the same factor every few epochs (torch's StepLR).",
    ),
    "exponential": Entry(
        "Exponential",
        _exponential,
        (_gamma(0.9, "The rate is multiplied by this in the course of each epoch."),),
        "The rate falls by the same share at every update (torch's ExponentialLR).",
    ),
    "cosine": Entry(
        "Cosine",
        _as_long(cosine),
        (_LENGTH, _floor(0.01)),
        "The rate falls slowly, then fast, then slowly to its floor (Loshchilov and Hutter 2017; torch's "
        "CosineAnnealingLR).",
    ),
    "warmup_cosine": Entry(
        "Warm-up and cosine",
        _warmed,
        (
            _LENGTH,
            Knob("warmup", "Warm-up", 0.1, 0.0, 0.9, help="The share of the length in which the rate rises."),
            Knob(
                "start",
                "First share",
                0.01,
                0.0001,
                1.0,
                log=True,
                more=True,
                help="The factor of the first update.",
            ),
            _floor(0.01),
        ),
        "The rate rises in a straight line, then falls as with cosine: first steps are small while the optimizer knows "
        "little (torch's LinearLR, then CosineAnnealingLR).",
    ),
    "one_cycle": Entry(
        "One cycle",
        _as_long(one_cycle),
        (
            _LENGTH,
            Knob("rise", "Rise", 0.3, 0.05, 0.95, help="The share of the length in which the rate rises to its top."),
            Knob(
                "div_factor", "Start divisor", 25, 1.0, 1000.0, log=True, help="The first rate is the slider's / this."
            ),
            Knob(
                "final_div_factor",
                "End divisor",
                10_000,
                1.0,
                1e6,
                log=True,
                more=True,
                help="The last rate is the first one / this.",
            ),
        ),
        "The rate rises from far below to the slider's and falls to almost nothing (Smith 2018; torch's OneCycleLR, "
        "which by itself would also turn the momentum).",
    ),
    "cyclic": Entry(
        "Cyclic",
        _cyclic,
        (
            Knob("half", "Epochs up", 2, 0.01, 100_000, log=True, shown=(0.1, 1000), help="Then as many down."),
            Knob("low", "Lowest share", 0.1, 0.0, 1.0, help="The rate goes up and down between this share and all."),
        ),
        "The rate goes up and down in straight lines, for ever (Smith 2017; torch's CyclicLR).",
    ),
    "plateau": Entry(
        "Reduce on plateau",
        _plateau,
        (
            _gamma(0.5, "The rate is multiplied by this when the loss stands still."),
            Knob(
                "patience",
                "Patience",
                2,
                0,
                10_000,
                whole=True,
                shown=(0, 20),
                help="Epochs without a lower loss that are let pass; the next one lowers the rate.",
            ),
            Knob(
                "threshold",
                "Threshold",
                0.0001,
                0.0,
                0.5,
                log=True,
                shown=(1e-5, 0.1),
                more=True,
                help="The loss has to fall by more than this share to count as lower.",
            ),
            _floor(0.001),
        ),
        "The rate drops when the mean training loss of an epoch's batches has not fallen for a while; of two networks "
        "against each other each by its own loss (torch's ReduceLROnPlateau).",
    ),
}


def is_constant(spec: ExperimentSpec) -> bool:
    """Whether the slider alone decides the rate."""
    return spec.schedule.name == CONSTANT


def schedule_of(spec: ExperimentSpec, per_epoch: int) -> Schedule:
    """Return a spec's schedule where an epoch has so many updates."""
    entry = SCHEDULES[spec.schedule.name]
    return entry.build(Span(per_epoch, spec.epochs), **entry.values(spec.schedule))


def pinned(spec: ExperimentSpec) -> ExperimentSpec:
    """Say how long a schedule is that is as long as the run: it stays so where the run is given other epochs."""
    values = SCHEDULES[spec.schedule.name].values(spec.schedule)
    if values.get("epochs", 1):
        return spec
    return replace(spec, schedule=spec.schedule.with_knobs(epochs=spec.epochs or ENDLESS))
