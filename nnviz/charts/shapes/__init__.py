"""Drawings of what instruments find: one for each shape, whoever shows it."""

from collections.abc import Callable, Mapping, Sequence

from nnviz.charts import facts
from nnviz.charts.chart import PLAIN_VIEW, Figure, View
from nnviz.charts.figure import axis, layout, waiting
from nnviz.charts.shapes.bars import bars
from nnviz.charts.shapes.cloud import cloud, pointed
from nnviz.charts.shapes.grids import grids
from nnviz.charts.shapes.landscape import landscape
from nnviz.charts.shapes.lines import lines
from nnviz.charts.shapes.script import script
from nnviz.charts.shapes.sheet import sheet
from nnviz.charts.shapes.shown import Shown, shown
from nnviz.charts.shapes.spreads import spreads
from nnviz.records.run import Snapshot
from nnviz.records.shapes import Bars, Cloud, Grids, Landscape, Lines, Script, Sheet, Spreads

Drawer = Callable[[Sequence[Shown], str], Figure]  # every lane's reading, and a name for what a reader zooms

DRAWERS: Mapping[type, Drawer] = {
    Sheet: sheet,
    Lines: lines,
    Bars: bars,
    Grids: grids,
    Cloud: cloud,
    Landscape: landscape,
    Spreads: spreads,
    Script: script,
}


def drawing(name: str) -> Callable[..., Figure]:
    """Return how a reading is drawn."""

    def draw(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
        found = shown(snapshot, name, view)
        if not found:
            return waiting(snapshot, layout(name, axis(""), axis(""), showlegend=False))
        return pointed(DRAWERS[type(found[0].reading)](found, name), view.place)

    draw.__doc__ = f"Draw the reading {name!r} of the first lane, or of all where they can be compared."
    return draw


def has_reading(name: str) -> Callable[[Snapshot], bool]:
    """Return whether a run's family shows something under this name."""

    def fits(snapshot: Snapshot) -> bool:
        if snapshot.scene and name not in snapshot.scene.instruments:
            return False
        return facts.latest(snapshot, lambda record: record.readings.get(name)) is not None

    return fits
