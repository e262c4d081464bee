"""What learning is: one classifier and one regression, taken apart into data, model, loss and algorithm."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from nnviz.lessons.learning.results import Example
from nnviz.records.run import Snapshot
from nnviz.runs.timeline import Stream
from nnviz.specs.experiment import Choice, ExperimentSpec
from nnviz.specs.lesson import LessonState, number, whole

MOST_UPDATES = 400
_CLASSES = ExperimentSpec(
    dataset=Choice.of("moons", noise=0.15), activation=Choice("tanh"), initializer=Choice("glorot_normal"),
    loss=Choice("cross_entropy"), batch_size=32, epochs=0, seed=2,
)  # fmt: skip
_CURVE = _CLASSES.with_(dataset=Choice("sine"), loss=Choice("mse"))


@dataclass(frozen=True)
class State(LessonState):
    """How large the models are, how they are trained, and how far."""

    updates: int = whole(0, 0, MOST_UPDATES)
    lr: float = number(0.1, 0.003, 10, is_log=True)
    hidden: int = whole(8, 0, 32)


def spec_of(state: State, kind: str) -> ExperimentSpec:
    """Return what is trained: "classes" or "curve"."""
    base = {"classes": _CLASSES, "curve": _CURVE}[kind]
    model = Choice.of("mlp", hidden=str(state.hidden) if state.hidden else "")
    return base.with_(model=model, optimizer=Choice.of("sgd", lr=state.lr))


def study(state: State, stream: Stream) -> Mapping[str, Example]:
    """Train both examples as far as the state says."""
    return {kind: _example(state, stream, kind) for kind in ("classes", "curve")}


def _example(state: State, stream: Stream, kind: str) -> Example:
    spec = spec_of(state, kind)
    snapshot = stream.at(spec, state.updates)
    first, last = snapshot.lanes[0].records[0], snapshot.lanes[0].records[-1]
    scene = snapshot.scene
    assert scene is not None
    assert scene.points is not None
    assert scene.targets is not None
    return Example(
        spec=spec,
        snapshot=snapshot,
        examples=scene.train_count,
        x=tuple(map(float, scene.points[0])),
        y=float(scene.targets[0]),
        parameters=sum(parameter.count for parameter in last.parameters),
        loss_before=first.train_loss,
        loss=last.train_loss,
        most_updates=MOST_UPDATES,
        is_lost=_is_lost(snapshot),
    )


def _is_lost(snapshot: Snapshot) -> bool:
    first, last = snapshot.lanes[0].records[0].train_loss, snapshot.lanes[0].records[-1].train_loss
    return not math.isfinite(last) or last > first


TASKS: Mapping[str, Callable[[State, Mapping[str, Example]], bool]] = {
    "algorithm": lambda state, found: found["classes"].loss < 0.1,
    "model": lambda state, found: not state.hidden and state.updates >= 200 and not found["curve"].is_lost,
    "lost": lambda state, found: state.updates > 0 and found["curve"].is_lost,
}
