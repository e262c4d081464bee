"""What a lane that goes on from a checkpoint has behind it."""

from dataclasses import dataclass

from nnviz.records.run import Evaluation, Record
from nnviz.records.status import Status
from nnviz.training import Checkpoint
from nnviz.words.language import Message


@dataclass(frozen=True, slots=True)
class Past:
    """What was measured until a checkpoint, and when: with it a lane is judged on as if it had never stopped.

    records, distance: of its `History`.  kept, stride, count, best, latest: of its `Evaluations`.
    """

    records: tuple[Record, ...]
    distance: float
    kept: tuple[Evaluation, ...]
    stride: int
    count: int
    best: Evaluation | None
    latest: Evaluation | None
    seen: int  # examples trained on until the last evaluation
    evaluated: int  # the run's updates then
    joined: int | None  # the run's updates before its own first; None: as many as when it joins
    status: Status
    message: Message | None
    stored: tuple[Checkpoint, ...] = ()  # moments before it from which others can go on, without curves
