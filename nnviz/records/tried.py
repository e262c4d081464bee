"""What is tried beside a run, and how far that is: frozen, with a status of its own."""

from dataclasses import dataclass

from nnviz.records.status import Status
from nnviz.words.language import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """How far something is that is tried beside a run."""

    status: Status = Status.READY  # READY until started, then as for a run
    progress: float = 0.0  # from 0 to 1
    message: Message | None = None  # when waiting or failed
