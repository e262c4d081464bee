"""Where a run stands."""

from enum import StrEnum


class Status(StrEnum):
    """Where a run or a lane stands; compares equal to its plain text."""

    READY = "ready"  # built or about to be, not started
    WAITING = "waiting"  # for a place among the live runs
    STARTING = "starting"  # data and network are being made
    RUNNING = "running"
    PAUSED = "paused"
    ASLEEP = "asleep"  # nobody watched; looking again wakes it
    DONE = "done"  # all epochs trained
    DIVERGED = "diverged"
    FAILED = "failed"
    STOPPED = "stopped"

    @property
    def is_live(self) -> bool:
        """Whether numbers can still change without anybody asking."""
        return self in (Status.WAITING, Status.STARTING, Status.RUNNING)

    @property
    def is_over(self) -> bool:
        """Whether no further update can come."""
        return self in (Status.DONE, Status.DIVERGED, Status.FAILED, Status.STOPPED)
