"""Which readings of a run are on show: each lane's newest."""

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
    """Find a reading in each lane: the newest."""
    found = []
    for racer in racers(snapshot):
        record = _record(racer.lanes[0], name)
        if record is not None:
            reading = cast(Drawable, record.readings[name])
            found.append(Shown(racer.label, racer.style, reading, record.step))
    return found


def _record(lane: Lane, name: str) -> Record | None:
    return next((record for record in reversed(lane.records) if name in record.readings), None)
