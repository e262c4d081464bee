"""Who trains a saved run at present: one process at a time, which says so again with each state that it writes."""

import json
import os
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

FILE = "lock.json"
STALE_S = 20.0  # after so long without a word a process is taken to have ended, or to be stopped
_NAMES_PROCESSES = os.name == "posix"  # elsewhere there is no plain way to ask whether a process is there


@dataclass(frozen=True, slots=True)
class Trainer:
    """A process that trains a run.

    mark: tells it from others, also from one that gets its number later.  said: when it last said so, in seconds.
    """

    process: int
    host: str
    mark: str
    said: float

    @classmethod
    def here(cls, mark: str) -> "Trainer":
        """Name this process."""
        return cls(os.getpid(), socket.gethostname(), mark, time.time())

    @classmethod
    def of(cls, written: Any) -> "Trainer":
        """Read what was written; ValueError, TypeError or KeyError for anything else."""
        return cls(int(written["process"]), str(written["host"]), str(written["mark"]), float(written["said"]))

    @property
    def is_there(self) -> bool:
        """Whether it may still train."""
        is_fresh = abs(time.time() - self.said) < STALE_S
        return is_fresh and not (_NAMES_PROCESSES and self.host == socket.gethostname() and _is_over(self.process))


def _is_over(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):  # somebody else's, or no number of a process
        return False
    return False


def trainer_of(folder: Path) -> Trainer | None:
    """Return who trains the run of a folder; None where nobody does, or whoever did has ended without a word."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        found = Trainer.of(json.loads((folder / FILE).read_text(encoding="utf-8")))
        return found if found.is_there else None
    return None


def take(folder: Path, mark: str) -> bool:
    """Say that it is trained here; False where another one says so. OSError where nothing can be written."""
    other = trainer_of(folder)
    if other is not None and other.mark != mark:
        return False
    _write(folder / FILE, asdict(Trainer.here(mark)), mark)
    found = trainer_of(folder)
    return found is not None and found.mark == mark


def _write(file: Path, written: Mapping[str, Any], mark: str) -> None:
    """Put it in the place of the former one at once; a loss of power may take it away, as it does the process."""
    draft = file.with_name(f"{FILE}.{mark}")
    draft.write_text(json.dumps(written), encoding="utf-8")
    draft.replace(file)


def leave(folder: Path, mark: str) -> None:
    """Say that it is trained here no more."""
    other = trainer_of(folder)
    if other is not None and other.mark == mark:
        with suppress(OSError):
            (folder / FILE).unlink()
