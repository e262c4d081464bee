"""All saved runs of one folder: found by their names, listed for whoever they belong to, labelled and put away."""

import logging
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cachetools import LRUCache
from platformdirs import user_data_path

from nnviz.library import folder, lock
from nnviz.library.lock import Trainer
from nnviz.library.saved import COLOURS, Saved
from nnviz.records.every_loss import EveryLoss
from nnviz.records.run import Snapshot
from nnviz.runs.lane_spec import LaneSpec
from nnviz.words import errors
from nnviz.words.language import message

LOGGER = logging.getLogger("nnviz")

MOST_MB = 2000.0  # of all runs together; then the oldest goes that is not pinned
_NAME = re.compile(r"[A-Za-z0-9_-]{6,40}(\.[0-9]{1,15})?")
_DAY_S = 86_400.0  # for which a run that was put away can be brought back
_MOST_WRITTEN = 50
_AWAY, _LABEL, _QUIET = ".away", "label.json", ".quiet"


@dataclass(frozen=True, slots=True)
class Label:
    """What its owner has written on a run."""

    name: str = ""
    note: str = ""
    is_pinned: bool = False


def usual_place() -> Path:
    """Return the folder of the user's data in which runs are kept."""
    return user_data_path("nnviz") / "runs"


class Library:
    """Runs in the folders of one folder, which several servers may share; any thread may ask."""

    def __init__(self, place: Path, most_mb: float = MOST_MB) -> None:
        self.place, self.most_mb = place, most_mb
        self._written: LRUCache[str, folder.Written] = LRUCache(_MOST_WRITTEN)  # of the runs that were saved last
        self._mark = secrets.token_hex(8)  # of whoever writes by this object
        self._states: dict[str, str] = {}  # of each run that is trained on here, the last that it came from or wrote
        self._kept_as: dict[str, str] = {}  # other names of runs that were trained on elsewhere, too

    # ---- one run ----

    def save(self, saved: Saved, lanes: tuple[LaneSpec, ...], snapshot: Snapshot) -> None:
        """Write a run as it stands; OSError where the disk does not take it. One that was put away stays there.

        One that is trained elsewhere, too, or was meanwhile, goes on as a run of its own. One thread at a time.
        """
        name = self.kept_as(saved.id)
        if self.head(name) is None and (self.place / _AWAY / name).exists():
            return
        if not self._may_write(name):
            name = self._kept_as[saved.id] = f"{name.partition('.')[0]}.{time.time_ns() // 1_000_000}"
            LOGGER.warning("run %s is trained elsewhere, too: what is trained here is saved as %s", saved.id, name)
            self._may_write(name)
        before, place = self.head(name), self._folder(name)
        if name not in self._written:
            self._written[name] = folder.written_of(place)
        created = before.created if before else saved.created
        colour = before.colour if before else self._next_colour(saved.owner)
        whole = replace(saved, id=name, created=created, colour=colour)
        self._states[name] = folder.write(place, whole, lanes, snapshot, self._written[name])
        if not snapshot.status.is_live:
            lock.leave(place, self._mark)

    def kept_as(self, name: str) -> str:
        """Return the name of the folder in which a run is saved from here: by itself its own."""
        return self._kept_as.get(name, name)

    def _may_write(self, name: str) -> bool:
        """Take a run; False where another process trains it, or has written it since it was looked up or written."""
        place = self._folder(name)
        state = folder.state_of(place)
        if state is not None and state != self._states.get(name):
            return False
        place.mkdir(parents=True, exist_ok=True)
        return lock.take(place, self._mark)

    def trainer(self, name: str) -> Trainer | None:
        """Return another process that trains a run at present, if any does."""
        found = lock.trainer_of(self._folder(name))
        return found if found is not None and found.mark != self._mark else None

    def take_up(self, name: str) -> tuple[LaneSpec, ...]:
        """Read the lanes of a run to be trained on from here; ValueError where it is torn, or trained elsewhere."""
        other = self.trainer(name)
        if other is not None:
            raise ValueError(message(errors.LIBRARY["elsewhere"], name=name, process=other.process, host=other.host))
        self._states[name] = folder.state_of(self._folder(name)) or ""
        return self.lanes(name)

    def claim(self, name: str) -> None:
        """Say that a run is trained from here on; where nothing can be written nobody else can train it either."""
        with suppress(OSError):
            lock.take(self._folder(name), self._mark)

    def _next_colour(self, owner: str) -> int:
        """Return the colour that the fewest of somebody's runs have; of several the next one after the newest run's."""
        there = [each.colour for each in self.of(owner)]
        newest = there[0] if there else -1
        return min(range(COLOURS), key=lambda colour: (there.count(colour), (colour - newest - 1) % COLOURS))

    def head(self, name: str) -> Saved | None:
        """Return what is told of a run, or None where there is none that can be read."""
        try:
            return folder.read_head(self._folder(name))
        except ValueError:
            return None

    def find(self, name: str) -> Saved | None:
        """Return a run by its own name or, the newest one, by its session's."""
        if not _NAME.fullmatch(name):
            return None
        of_session = [each for each in self._all() if each.session == name]
        return self.head(name) or max(of_session, key=lambda each: each.saved, default=None)

    def lanes(self, name: str, *, with_past: bool = True) -> tuple[LaneSpec, ...]:
        """Read the lanes of a run as values from which it goes on; ValueError where that is torn.

        with_past: with all moments that can be looked at, which takes longer.
        """
        with suppress(ValueError):
            return folder.read_lanes(self._folder(name), with_past=with_past)
        # Another state may have taken the first one's place meanwhile.
        return folder.read_lanes(self._folder(name), with_past=with_past)

    def every_loss(self, name: str, lane: str, low: float, high: float) -> EveryLoss:
        """Read the losses of all updates of a lane from one to another, as far as they were kept."""
        for _ in range(2):  # another state may take the first one's place meanwhile
            with suppress(ValueError):
                found = folder.read_every_loss(self._folder(self.kept_as(name)), lane, low, high)
                if len(found):
                    return found
        return EveryLoss.none()

    def _folder(self, name: str) -> Path:
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
            written = folder.read_json(self._folder(run) / _LABEL)
            return Label(str(written["name"]), str(written["note"]), written["is_pinned"] is True)
        except (ValueError, KeyError):
            return Label()

    def write_label(self, run: str, **changes: Any) -> None:
        """Write something else on a run."""
        found = replace(self.label(run), **changes)
        written = {"name": found.name, "note": found.note, "is_pinned": found.is_pinned}
        folder.write_json(self._folder(run) / _LABEL, written)

    def put_away(self, run: str) -> bool:
        """Take a run off the shelf, to be brought back perhaps; tell whether it was there."""
        away = self.place / _AWAY
        away.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(away / run, ignore_errors=True)
        try:
            self._folder(run).rename(away / run)
        except OSError:
            return False
        os.utime(away / run)
        return True

    def bring_back(self, name: str) -> bool:
        """Put a run back on the shelf; tell whether it was still there."""
        try:
            (self.place / _AWAY / self._folder(name).name).rename(self._folder(name))
        except OSError:
            return False
        return True

    # ---- room ----

    @property
    def megabytes(self) -> float:
        """How much room all runs take."""
        return folder.size_of(self.place) / 1e6

    def make_room(self) -> None:
        """Let the oldest runs go that are neither pinned nor trained at present, until the rest has room."""
        self._let_go_of_what_is_away()
        left = self.megabytes - self.most_mb
        for each in sorted(self._all(), key=lambda each: each.saved) if left > 0 else ():
            is_wanted = self.label(each.id).is_pinned or lock.trainer_of(self._folder(each.id)) is not None
            if left > 0 and not is_wanted:
                left -= folder.size_of(self._folder(each.id)) / 1e6
                shutil.rmtree(self._folder(each.id), ignore_errors=True)
                LOGGER.info("run %s was let go to make room", each.id)

    def _let_go_of_what_is_away(self) -> None:
        """Let those go that were put away a day ago."""
        away = self.place / _AWAY
        for each in away.iterdir() if away.is_dir() else ():
            if time.time() - each.stat().st_mtime > _DAY_S:
                shutil.rmtree(each, ignore_errors=True)
