"""Drawings of what a family shows: one for each shape of sight, whoever shows it."""

from collections.abc import Callable, Mapping, Sequence

from nnviz.charts import facts
from nnviz.charts.chart import PLAIN_VIEW, Figure, View
from nnviz.charts.figure import axis, layout, waiting
from nnviz.charts.sights.bars import bars
from nnviz.charts.sights.cloud import cloud, pointed
from nnviz.charts.sights.grids import grids
from nnviz.charts.sights.landscape import landscape
from nnviz.charts.sights.lines import lines
from nnviz.charts.sights.script import script
from nnviz.charts.sights.sheet import sheet
from nnviz.charts.sights.shown import Shown, shown
from nnviz.charts.sights.spreads import spreads
from nnviz.records.run import Snapshot
from nnviz.records.shapes import Bars, Cloud, Grids, Landscape, Lines, Script, Sheet, Spreads

Drawer = Callable[[Sequence[Shown], str], Figure]  # every lane's sight, and a name for what a reader zooms

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


def sight(name: str) -> Callable[..., Figure]:
    """Return the chart of a sight."""

    def draw(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
        found = shown(snapshot, name, view)
        if not found:
            return waiting(snapshot, layout(name, axis(""), axis(""), showlegend=False))
        return pointed(DRAWERS[type(found[0].sight)](found, name), view.place)

    draw.__doc__ = f"Draw the sight {name!r} of the first lane, or of all where they can be compared."
    return draw


def has_sight(name: str) -> Callable[[Snapshot], bool]:
    """Return whether a run's family shows something under this name."""

    def fits(snapshot: Snapshot) -> bool:
        if snapshot.scene and name not in snapshot.scene.sights:
            return False
        return facts.latest(snapshot, lambda record: record.sights.get(name)) is not None

    return fits
