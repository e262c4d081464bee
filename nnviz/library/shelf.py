"""All saved runs of one folder: found by their names, listed for whoever they belong to, labelled and put away.

None is opened here, which would take PyTorch.
"""

import logging
import os
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from nnviz.library import lock
from nnviz.library.heads import read_head, read_json, size_of, write_json
from nnviz.library.saved import Saved
from nnviz.words import errors
from nnviz.words.language import message

LOGGER = logging.getLogger("nnviz")

MOST_MB = 2000.0  # of all runs together; then the oldest goes that is not pinned
_NAME = re.compile(r"[A-Za-z0-9_-]{6,40}(\.[0-9]{1,15})?")
_DAY_S = 86_400.0  # for which a run that was put away can be brought back
AWAY, _LABEL, _QUIET = ".away", "label.json", ".quiet"


@dataclass(frozen=True, slots=True)
class Label:
    """What its owner has written on a run."""

    name: str = ""
    note: str = ""
    is_pinned: bool = False


def usual_place() -> Path:
    """Return the folder of the user's data in which runs are kept."""
    return user_data_path("nnviz") / "runs"


class Shelf:
    """Runs in the folders of one folder, which several servers may share; any thread may ask."""

    def __init__(self, place: Path, most_mb: float = MOST_MB) -> None:
        self.place, self.most_mb = place, most_mb

    # ---- one run ----

    def head(self, name: str) -> Saved | None:
        """Return what is told of a run, or None where there is none that can be read."""
        try:
            return read_head(self.folder(name))
        except ValueError:
            return None

    def find(self, name: str) -> Saved | None:
        """Return a run by its own name or, the newest one, by its session's."""
        if not _NAME.fullmatch(name):
            return None
        of_session = [each for each in self._all() if each.session == name]
        return self.head(name) or max(of_session, key=lambda each: each.saved, default=None)

    def folder(self, name: str) -> Path:
        """Return the folder of a run; ValueError for what can be no run's name."""
        if not _NAME.fullmatch(name):
            raise ValueError(message(errors.LIBRARY["name"], name=name))
        return self.place / name

    def _all(self) -> Iterator[Saved]:
        """Go through all runs that can be read; what is torn is passed over."""
        for each in sorted(self.place.iterdir()) if self.place.is_dir() else ():
            if _NAME.fullmatch(each.name) and (found := self.head(each.name)) is not None:
                yield found

    # ---- whose they are ----

    def of(self, owner: str) -> list[Saved]:
        """List somebody's runs, the last that was begun first."""
        return [each for each in self.all() if each.owner == owner]

    def all(self) -> list[Saved]:
        """List everybody's runs, the last that was begun first: for whoever has the folder."""
        return sorted(self._all(), key=lambda each: (each.created, each.id), reverse=True)

    def is_quiet(self, owner: str) -> bool:
        """Whether somebody wants none of their runs to be saved."""
        return (self.place / _QUIET / owner).exists()

    def be_quiet(self, owner: str, is_quiet: bool) -> None:
        """Save somebody's runs from now on, or none."""
        file = self.place / _QUIET / owner
        if is_quiet:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
        else:
            file.unlink(missing_ok=True)

    # ---- what their owner does to them ----

    def label(self, run: str) -> Label:
        """Return what is written on a run."""
        try:
            written = read_json(self.folder(run) / _LABEL)
            return Label(str(written["name"]), str(written["note"]), written["is_pinned"] is True)
        except (ValueError, KeyError):
            return Label()

    def write_label(self, run: str, **changes: Any) -> None:
        """Write something else on a run."""
        found = replace(self.label(run), **changes)
        written = {"name": found.name, "note": found.note, "is_pinned": found.is_pinned}
        write_json(self.folder(run) / _LABEL, written)

    def put_away(self, run: str) -> bool:
        """Take a run off the shelf, to be brought back perhaps; tell whether it was there."""
        away = self.place / AWAY
        away.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(away / run, ignore_errors=True)
        try:
            self.folder(run).rename(away / run)
        except OSError:
            return False
        os.utime(away / run)
        return True

    def bring_back(self, name: str) -> bool:
        """Put a run back on the shelf; tell whether it was still there."""
        try:
            (self.place / AWAY / self.folder(name).name).rename(self.folder(name))
        except OSError:
            return False
        return True

    # ---- room ----

    @property
    def megabytes(self) -> float:
        """How much room all runs take."""
        return size_of(self.place) / 1e6

    def make_room(self) -> None:
        """Let the oldest runs go that are neither pinned nor trained at present, until the rest has room."""
        self._let_go_of_what_is_away()
        left = self.megabytes - self.most_mb
        for each in sorted(self._all(), key=lambda each: each.saved) if left > 0 else ():
            is_wanted = self.label(each.id).is_pinned or lock.trainer_of(self.folder(each.id)) is not None
            if left > 0 and not is_wanted:
                left -= size_of(self.folder(each.id)) / 1e6
                shutil.rmtree(self.folder(each.id), ignore_errors=True)
                LOGGER.info("run %s was let go to make room", each.id)

    def _let_go_of_what_is_away(self) -> None:
        """Let those go that were put away a day ago."""
        away = self.place / AWAY
        for each in away.iterdir() if away.is_dir() else ():
            if time.time() - each.stat().st_mtime > _DAY_S:
                shutil.rmtree(each, ignore_errors=True)
