"""How a command ends, for whoever has called it."""

from enum import IntEnum


class ExitStatus(IntEnum):
    """What the shell is told; a signal that paused a run ends it with 128 and the signal's number."""

    DONE = 0
    FAILED = 1  # training failed, or could not be saved
    REFUSED = 2  # what was asked for cannot be done
    DIVERGED = 3
    INTERRUPTED = 130
    BROKEN_PIPE = 141
