"""Full-batch gradient descent on digits: its settings, and when a task about its sharpness is solved."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from nnviz.lessons.edge.results import NEAR, Moment, Parabola, Progress, Stretch
from nnviz.records.readings import Sharpness
from nnviz.records.run import Lane, Snapshot
from nnviz.records.status import Status
from nnviz.specs.experiment import Choice, ExperimentSpec
from nnviz.specs.lesson import LessonState, choice, number, whole

EXAMPLES = 500
RATES = (0.05, 3.0)  # ends of the dial
MOMENTUM = 0.9
_RULES = {"gd": "sgd", "momentum": "momentum"}
_STEPS = 8  # on the parabola
_FAR = 2.5  # beside the parabola's middle: a step that leads further leaves the picture


@dataclass(frozen=True)
class State(LessonState):
    """What is trained, and how."""

    rule: str = choice("gd", ("gd", "momentum"))
    batch: str = choice("500", ("500", "25"))
    lr: float = number(0.7, *RATES, is_log=True)
    seed: int = whole(1, 0, 2**31 - 1)


def spec_of(state: State) -> ExperimentSpec:
    """Return the run that the settings describe."""
    momentum = {"momentum": MOMENTUM} if state.rule == "momentum" else {}
    return ExperimentSpec(
        dataset=Choice.of("digits", train_size=EXAMPLES), model=Choice.of("mlp", hidden="64,64"),
        activation=Choice("tanh"), initializer=Choice("torch_default"), loss=Choice("mse"),
        optimizer=Choice.of(_RULES[state.rule], lr=state.lr, **momentum), batch_size=int(state.batch), epochs=0,
        seed=state.seed,
    )  # fmt: skip


def settings_of(spec: ExperimentSpec, rate: float) -> dict[str, Any]:
    """Read the settings back from a run that `spec_of` described, and its present rate."""
    rule = next(name for name, optimizer in _RULES.items() if optimizer == spec.optimizer.name)
    return {"rule": rule, "batch": str(spec.batch_size), "lr": rate, "seed": spec.seed}


def progress(snapshot: Snapshot) -> Progress:
    """Sum up what the tasks look at."""
    lane = snapshot.lanes[0]
    return Progress(
        rule=lane.spec.optimizer.name,
        is_full=lane.spec.batch_size == EXAMPLES,
        is_lost=lane.status == Status.DIVERGED,
        stretches=_stretches(lane),
    )


def _stretches(lane: Lane) -> tuple[Stretch, ...]:
    found = [(record.step, reading) for record in lane.records if (reading := _reading(record.readings))]
    parts = groupby(found, key=lambda each: each[1].limit)
    return tuple(
        Stretch(limit, tuple(Moment(step, reading.value) for step, reading in part))
        for limit, part in parts
        if limit is not None
    )


def _reading(readings: Mapping[str, Any]) -> Sharpness | None:
    found: Sharpness | None = readings.get("sharpness")
    return found


def parabola(snapshot: Snapshot, rate: float) -> Parabola | None:
    """Take steps at a rate on a parabola as sharp as the loss now; None before it is measured."""
    found = next((each for record in reversed(snapshot.lanes[0].records) if (each := _reading(record.readings))), None)
    if found is None:
        return None
    momentum = MOMENTUM if snapshot.lanes[0].spec.optimizer.name == "momentum" else 0.0
    places = [1.0]
    while len(places) <= _STEPS and abs(places[-1]) <= _FAR:
        places.append(places[-1] - rate * found.value * places[-1])
    return Parabola(found.value, rate, momentum, tuple(places))


def _is_plain(found: Progress) -> bool:
    return found.rule == "sgd" and found.is_full


def _is_at_four(state: State, found: Progress) -> bool:
    now = found.now
    return _is_plain(found) and now is not None and abs(now.limit - 4) <= 0.2 and now.is_settled


def _has_followed(state: State, found: Progress) -> bool:
    """Tell whether it has settled at two lines of one run that lie well apart."""
    limits = [each.limit for each in found.stretches if each.is_settled]
    return _is_plain(found) and bool(limits) and max(limits) >= 1.5 * min(limits)


def _never_reached(state: State, found: Progress) -> bool:
    """Tell whether it has risen for 1,500 updates under one rate and is still far below the line."""
    if not _is_plain(found) or len(found.stretches) != 1:
        return False
    (only,) = found.stretches
    sizes = [each.sharpness for each in only.moments]
    return only.updates >= 1500 and max(sizes) < 0.8 * only.limit and sizes[-1] > 1.2 * sizes[0]


def _has_rolled(state: State, found: Progress) -> bool:
    return found.rule == "momentum" and found.is_full and found.now is not None and found.now.is_within(NEAR)


TASKS: Mapping[str, Callable[[State, Progress], bool]] = {
    "settle": _is_at_four,
    "follow": _has_followed,
    "never": _never_reached,
    "lost": lambda state, found: _is_plain(found) and found.is_lost,
    "momentum": _has_rolled,
}
