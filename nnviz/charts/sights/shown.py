"""Which sights of a run are on show: each lane's newest, or those of an earlier moment."""

from dataclasses import dataclass

from nnviz.charts.chart import View
from nnviz.charts.palette import Style
from nnviz.charts.racers import racers
from nnviz.records.run import Lane, Record, Snapshot
from nnviz.records.shapes import Sight


@dataclass(frozen=True, slots=True)
class Shown:
    """One lane's sight with the lane's name and look."""

    label: str
    style: Style
    sight: Sight
    step: int  # updates done when it was taken


def shown(snapshot: Snapshot, name: str, view: View) -> list[Shown]:
    """Find a sight in each lane: the newest, or the last one that is kept from before `view.moment`."""
    found = []
    for racer in racers(snapshot):
        record = _record(racer.lanes[0], name, view.moment)
        if record is not None:
            taken = record.films.get(name) or record.sights[name]
            found.append(Shown(racer.label, racer.style, taken, record.step))
    return found


def _record(lane: Lane, name: str, moment: float | None) -> Record | None:
    having = [record for record in lane.records if name in record.sights or name in record.films]
    before = [record for record in having if moment is None or record.step <= moment]
    return before[-1] if before else having[0] if having else None


def film_steps(snapshot: Snapshot) -> list[int]:
    """List the updates at which kept sights of the first lane were taken."""
    lane = snapshot.lanes[0] if snapshot.lanes else None
    return [record.step for record in lane.records if record.films] if lane else []
