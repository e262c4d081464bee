"""Which readings of a run are on show: each lane's newest, or those of an earlier moment."""

from dataclasses import dataclass
from typing import cast

from nnviz.charts.chart import View
from nnviz.charts.palette import Style
from nnviz.charts.racers import racers
from nnviz.records.run import Lane, Record, Snapshot
from nnviz.records.shapes import Drawable


@dataclass(frozen=True, slots=True)
class Shown:
    """One lane's reading with the lane's name and look."""

    label: str
    style: Style
    reading: Drawable
    step: int  # updates done when it was taken


def shown(snapshot: Snapshot, name: str, view: View) -> list[Shown]:
    """Find a reading in each lane: the newest, or the last one that is kept from before `view.moment`."""
    found = []
    for racer in racers(snapshot):
        record = _record(racer.lanes[0], name, view.moment)
        if record is not None:
            reading = cast(Drawable, record.readings[name])
            found.append(Shown(racer.label, racer.style, reading, record.step))
    return found


def _record(lane: Lane, name: str, moment: float | None) -> Record | None:
    having = [record for record in lane.records if name in record.readings]
    before = [record for record in having if moment is None or record.step <= moment]
    return before[-1] if before else having[0] if having else None


def kept_steps(snapshot: Snapshot) -> list[int]:
    """List the updates at which what a family shows was kept of the first lane."""
    lane = snapshot.lanes[0] if snapshot.lanes else None
    names = frozenset(snapshot.scene.instruments if snapshot.scene else ())
    return [record.step for record in lane.records if record.kept & names] if lane else []
