"""What tests of runs share: small specs, waiting, replaying, and going through all arrays."""

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from time import monotonic
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.records.run import Lane
from nnviz.specs.experiment import Choice, ExperimentSpec
from nnviz.training import Experiment

PATIENT = 60.0  # seconds after which a wait has failed
SMALL = ExperimentSpec(
    dataset=Choice.of("moons", size=100),
    model=Choice.of("mlp", hidden="4"),
    activation=Choice("tanh"),
    optimizer=Choice.of("adam", lr=0.01),
    batch_size=10,
    epochs=0,
)  # 5 updates an epoch
WILD = SMALL.with_(
    dataset=Choice.of("sine", size=100),
    activation=Choice("identity"),
    loss=Choice("mse"),
    optimizer=Choice.of("sgd", lr=1e4),
)  # diverges within an epoch or two


def threads() -> list[str]:
    """Name the threads of nnviz that are alive."""
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("nnviz")]


def wait_for(condition: Callable[[], object], seconds: float = PATIENT) -> bool:
    """Look every few milliseconds until the condition holds; tell whether it came to that."""
    end, pause = monotonic() + seconds, threading.Event()
    while not condition():
        if monotonic() > end:
            return False
        pause.wait(0.003)
    return True


def replayed(lane: Lane) -> list[float]:
    """Train a lane's spec and journal without a run to where it stands; return its kept losses."""
    experiment = Experiment(lane.spec)
    for change in lane.journal:
        experiment.apply(change)
    experiment.advance(lane.step)
    losses: list[float] = experiment.curve.freeze().losses.tolist()
    return losses


def arrays(part: object) -> Iterator[NDArray[Any]]:
    """Go through every array below a record, a scene or a snapshot."""
    if isinstance(part, np.ndarray):
        yield part
    elif isinstance(part, tuple | Mapping):
        for item in part.values() if isinstance(part, Mapping) else part:
            yield from arrays(item)
    elif is_dataclass(part):
        for field in fields(part):
            yield from arrays(getattr(part, field.name))
