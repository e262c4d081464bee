"""The lab: the classic network on MNIST, or on the small digits, as one run with a few settings."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from nnviz.catalog import MODELS, OPTIMIZERS
from nnviz.lessons.lab.results import Live, Progress
from nnviz.records.run import Snapshot
from nnviz.specs.experiment import Choice, ExperimentSpec
from nnviz.specs.lesson import LessonState, choice, whole

ACROSS = 5
SHEET = ACROSS * ACROSS  # pictures shown at once
USUAL_BATCH = {"mnist": "256", "digits": "32"}
GOAL = {"mnist": 0.978, "digits": 0.96}  # test accuracy
SMALL = {"mnist": (50_000, 0.96), "digits": (2_500, 0.95)}  # fewer parameters than, test accuracy
SETTINGS = ("data", "hidden", "lr", "batch", "epochs", "seed")  # the run's; the rest is what a reader looks at
LOOKS = ("page", "example", "sheet", "chosen")


@dataclass(frozen=True)
class State(LessonState):
    """What is trained and how, and which pictures are looked at."""

    data: str = choice("mnist", ("mnist", "digits"))
    hidden: str = choice("256", ("16", "32", "48", "64", "128", "256", "512"))
    lr: str = choice("0.001", ("0.0001", "0.001", "0.01", "0.1", "1"))
    batch: str = choice("256", ("32", "64", "128", "256", "1024"))
    epochs: str = choice("10", ("1", "2", "5", "10", "20"))
    seed: int = whole(10, 0, 999)
    page: int = whole(0, 0, 2399)  # of training pictures
    example: int = whole(0, 0, 9999)  # test picture that goes forward
    sheet: int = whole(0, 0, 399)  # of test pictures
    chosen: int = whole(-1, -1, 9999)  # test picture to look closer at; -1: none


def spec_of(state: State) -> ExperimentSpec:
    """Return the run that the settings describe."""
    return ExperimentSpec(
        dataset=Choice(state.data), model=Choice.of("mlp", hidden=state.hidden), activation=Choice("relu"),
        initializer=Choice("he_normal"), loss=Choice("cross_entropy"),
        optimizer=Choice.of("adam", lr=float(state.lr)), batch_size=int(state.batch), epochs=int(state.epochs),
        seed=state.seed,
    )  # fmt: skip


def settings_of(spec: ExperimentSpec) -> dict[str, Any]:
    """Read the settings back from a run that `spec_of` described."""
    rate = float(OPTIMIZERS[spec.optimizer.name].values(spec.optimizer)["lr"])
    hidden = str(MODELS[spec.model.name].values(spec.model)["hidden"])
    return {
        "data": spec.dataset.name, "hidden": hidden, "lr": f"{rate:g}", "batch": str(spec.batch_size),
        "epochs": str(spec.epochs), "seed": spec.seed,
    }  # fmt: skip


def changed_by(state: State, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Complete some changes: another data set brings its usual batch size and is looked at from its beginning."""
    if changes.get("data", state.data) == state.data:
        return dict(changes)
    return {"batch": USUAL_BATCH[changes["data"]], **{name: getattr(State(), name) for name in LOOKS}, **changes}


def live(snapshot: Snapshot) -> Live:
    """Describe the run as it stands."""
    spec = snapshot.lanes[0].spec
    assert snapshot.scene is not None
    return Live(snapshot, math.ceil(snapshot.scene.train_count / spec.batch_size))


def progress(snapshot: Snapshot, *, is_chosen_wrong: bool = False) -> Progress:
    """Sum up what the tasks look at."""
    lane = snapshot.lanes[0]
    scores = [record.test_accuracy or 0.0 for record in lane.records]
    return Progress(
        data=lane.spec.dataset.name,
        parameters=sum(parameter.count for parameter in lane.records[-1].parameters),
        epochs=lane.records[-1].epoch,
        accuracy=scores[-1],
        best=max(scores),
        is_chosen_wrong=is_chosen_wrong,
    )


def _is_small(state: State, found: Progress) -> bool:
    parameters, accuracy = SMALL[found.data]
    return found.parameters < parameters and found.best >= accuracy


TASKS: Mapping[str, Callable[[State, Progress], bool]] = {
    "goal": lambda state, found: found.best >= GOAL[found.data],
    "small": _is_small,
    "wild": lambda state, found: found.epochs >= 1 and float(state.lr) > 0.001 and found.best < 0.9,
    "wrong": lambda state, found: found.accuracy >= 0.9 and found.is_chosen_wrong,
}
