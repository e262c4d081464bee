"""All seats of this process, the workers that their runs share, and the downloads under way."""

import atexit
import os
import threading
import time
from typing import TypeVar, cast

from nnviz.catalog.download import Download
from nnviz.lessons.depth_signal import Signals
from nnviz.lessons.stream import Stream
from nnviz.pool import Pool
from nnviz.race import RaceSpec
from nnviz.spec import ExperimentSpec
from nnviz.ui.family_seats import FamilySeat, Pairing
from nnviz.ui.lab_seats import LabSeat
from nnviz.ui.race_seats import RaceSeat
from nnviz.ui.seats import Seat
from nnviz.ui.walks import Walks

FORGET_AFTER_S = 600.0
MOST_SEATS = 300
AnySeat = TypeVar("AnySeat", bound=Seat)


class Hall:
    """Finds seats by id; forgets those that nobody has looked at for `FORGET_AFTER_S` seconds.

    NNVIZ_MAX_LIVE caps the runs that train at once; NNVIZ_PATIENCE is how many seconds an unwatched run goes on.
    """

    def __init__(self) -> None:
        self.pool = Pool(int(os.environ.get("NNVIZ_MAX_LIVE", 20 * (os.cpu_count() or 2))))
        self.patience = float(os.environ.get("NNVIZ_PATIENCE", 60))
        self.seats: dict[str, Seat] = {}
        self.shared: dict[str, str] = {}
        self.downloads: dict[str, Download] = {}
        self.walks = Walks()
        self.stream = Stream()
        self.signals = Signals()
        self.trouble: str | None = None  # a path that could not be written at start
        self._lock = threading.RLock()
        atexit.register(self.close)

    def open(self, spec: ExperimentSpec, owner: str, pace: float = 0.0) -> Seat:
        """Give a spec a seat of its own; its run is not started."""
        return self._seated(Seat(spec, owner, self.pool, pace, self.patience))

    def open_race(self, race: RaceSpec, owner: str, pace: float = 0.0) -> RaceSeat:
        """Give a race a seat of its own; it is not started."""
        return self._seated(RaceSeat(race, owner, self.pool, pace, self.patience))

    def open_lab(self, spec: ExperimentSpec, owner: str) -> LabSeat:
        """Give the lab's run a seat of its own; it is not started."""
        return self._seated(LabSeat(spec, owner, self.pool, patience=self.patience))

    def open_family(self, plan: Pairing, owner: str, pace: float = 0.0) -> FamilySeat:
        """Give a model's page a seat of its own; its run is not started."""
        return self._seated(FamilySeat(plan, owner, self.pool, pace, self.patience))

    def _seated(self, seat: AnySeat) -> AnySeat:
        with self._lock:
            self.reap(time.monotonic())
            self.seats[seat.id] = seat
        return seat

    def find(self, seat_id: str | None) -> Seat | None:
        """Return the seat of a link, or None when it is gone."""
        return self.seats.get(seat_id or "")

    def find_race(self, seat_id: str | None) -> RaceSeat | None:
        """Return the seat of a link that is a race, or None."""
        seat = self.find(seat_id)
        return cast(RaceSeat, seat) if seat is not None and seat.kind == "race" else None

    def find_lab(self, seat_id: str | None) -> LabSeat | None:
        """Return the seat of a link that is the lab's, or None."""
        seat = self.find(seat_id)
        return cast(LabSeat, seat) if seat is not None and seat.kind == "lab" else None

    def find_family(self, seat_id: str | None) -> FamilySeat | None:
        """Return the seat of a link that is a model's page, or None."""
        seat = self.find(seat_id)
        return seat if isinstance(seat, FamilySeat) else None

    def common(self, name: str, spec: ExperimentSpec, pace: float) -> Seat:
        """Return the seat that all visitors share under a name, opened at the first call."""
        with self._lock:
            seat = self.find(self.shared.get(name))
            if seat is None:
                seat = self.open(spec, "", pace)
                self.shared[name] = seat.id
            return seat

    def download(self, name: str, *, is_new: bool = False) -> Download | None:
        """Return the download of a data set that all visitors share, if there is one (or start it)."""
        with self._lock:
            if is_new and (name not in self.downloads or self.downloads[name].state != "running"):
                self.downloads[name] = Download(name)
                self.downloads[name].start()
            return self.downloads.get(name)

    def reap(self, now: float) -> None:
        """Stop and forget the seats that were not looked at lately, and the oldest above `MOST_SEATS`."""
        by_age = sorted(self.seats.values(), key=lambda seat: seat.seen_at)
        surplus = len(by_age) - MOST_SEATS
        for place, seat in enumerate(by_age):
            if place < surplus or now - seat.seen_at > FORGET_AFTER_S:
                seat.run.stop()
                del self.seats[seat.id]

    def close(self) -> None:
        """Stop everything; safe to call twice."""
        atexit.unregister(self.close)
        for download in self.downloads.values():
            download.cancel()
        self.pool.close()
