"""The saved runs of a folder as their server has them: saved as they go, and opened."""

import logging
import secrets
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from cachetools import LRUCache

from nnviz.library import folder, lock
from nnviz.library.lock import Trainer
from nnviz.library.saved import COLOURS, Saved
from nnviz.library.shelf import AWAY, MOST_MB, Shelf
from nnviz.records.every_loss import EveryLoss
from nnviz.records.run import Snapshot
from nnviz.runs.lane_spec import LaneSpec
from nnviz.words import errors
from nnviz.words.language import message

LOGGER = logging.getLogger("nnviz")
_MOST_WRITTEN = 50


class Library(Shelf):
    """Runs in the folders of one folder, which several servers may share; any thread may ask."""

    def __init__(self, place: Path, most_mb: float = MOST_MB) -> None:
        super().__init__(place, most_mb)
        self._written: LRUCache[str, folder.Written] = LRUCache(_MOST_WRITTEN)  # of the runs that were saved last
        self._mark = secrets.token_hex(8)  # of whoever writes by this object
        self._states: dict[str, str] = {}  # of each run that is trained on here, the last that it came from or wrote
        self._kept_as: dict[str, str] = {}  # other names of runs that were trained on elsewhere, too

    def save(self, saved: Saved, lanes: tuple[LaneSpec, ...], snapshot: Snapshot) -> None:
        """Write a run as it stands; OSError where the disk does not take it. One that was put away stays there.

        One that is trained elsewhere, too, or was meanwhile, goes on as a run of its own. One thread at a time.
        """
        name = self.kept_as(saved.id)
        if self.head(name) is None and (self.place / AWAY / name).exists():
            return
        if not self._may_write(name):
            name = self._kept_as[saved.id] = f"{name.partition('.')[0]}.{time.time_ns() // 1_000_000}"
            LOGGER.warning("run %s is trained elsewhere, too: what is trained here is saved as %s", saved.id, name)
            self._may_write(name)
        before, place = self.head(name), self.folder(name)
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

    def has_parted(self, name: str) -> bool:
        """Whether a run was trained on elsewhere, too, so that what is trained here is saved as another one."""
        return name in self._kept_as

    def _may_write(self, name: str) -> bool:
        """Take a run; False where another process trains it, or has written it since it was looked up or written."""
        place = self.folder(name)
        state = folder.state_of(place)
        if state is not None and state != self._states.get(name):
            return False
        place.mkdir(parents=True, exist_ok=True)
        return lock.take(place, self._mark)

    def trainer(self, name: str) -> Trainer | None:
        """Return another process that trains a run at present, if any does."""
        found = lock.trainer_of(self.folder(name))
        return found if found is not None and found.mark != self._mark else None

    def take_up(self, name: str) -> tuple[LaneSpec, ...]:
        """Read the lanes of a run to be trained on from here; ValueError where it is torn, or trained elsewhere."""
        other = self.trainer(name)
        if other is not None:
            raise ValueError(message(errors.LIBRARY["elsewhere"], name=name, process=other.process, host=other.host))
        self._states[name] = folder.state_of(self.folder(name)) or ""
        return self.lanes(name)

    def claim(self, name: str) -> None:
        """Say that a run is trained from here on; where nothing can be written nobody else can train it either."""
        with suppress(OSError):
            lock.take(self.folder(name), self._mark)

    def _next_colour(self, owner: str) -> int:
        """Return the colour that the fewest of somebody's runs have; of several the next one after the newest run's."""
        there = [each.colour for each in self.of(owner)]
        newest = there[0] if there else -1
        return min(range(COLOURS), key=lambda colour: (there.count(colour), (colour - newest - 1) % COLOURS))

    def lanes(self, name: str, *, with_past: bool = True) -> tuple[LaneSpec, ...]:
        """Read the lanes of a run as values from which it goes on; ValueError where that is torn.

        with_past: with all moments that can be looked at, which takes longer.
        """
        with suppress(ValueError):
            return folder.read_lanes(self.folder(name), with_past=with_past)
        # Another state may have taken the first one's place meanwhile.
        return folder.read_lanes(self.folder(name), with_past=with_past)

    def every_loss(self, name: str, lane: str, low: float, high: float) -> EveryLoss:
        """Read the losses of all updates of a lane from one to another, as far as they were kept."""
        for _ in range(2):  # another state may take the first one's place meanwhile
            with suppress(ValueError):
                found = folder.read_every_loss(self.folder(self.kept_as(name)), lane, low, high)
                if len(found):
                    return found
        return EveryLoss.none()
