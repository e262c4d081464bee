"""What a page wants on its board."""

from dataclasses import dataclass

from nnviz.charts.chart import PLAIN_VIEW, View
from nnviz.records.shapes import NOTHING, Question


@dataclass(frozen=True, slots=True)
class Pick:
    """Which charts of a page its reader wants to see, in which order.

    kept_as: where the reader's choice is kept.  names: the choice; empty: all.  among: all charts of the page; empty:
    the board's own.
    """

    kept_as: str
    names: tuple[str, ...] = ()
    among: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """What a page wants on its board; hashable, so that pages and visitors share drawings."""

    charts: tuple[str, ...] = ()  # names in CHARTS; empty: all that fit the run
    view: View = PLAIN_VIEW
    with_numbers: bool = True
    note: str = ""  # a key of texts.STATUS that has the last word over the run's own status
    question: Question = NOTHING  # what the reader asked of the network
    is_watched: bool = False  # whether the reader has no buttons to press
    dials: tuple[str, ...] = ()  # that the board itself has: "picture", or live targets and settings
    ends: tuple[float, float] | None = None  # of the dial of a rate, where not the usual ones
    columns: int = 0  # of the grid on a wide page; 0: three
    shape: str = ""  # another arrangement than a grid: "playground"
    is_direct: bool = False  # whether what is turned on it needs nothing of the page around it
    scope: str = ""  # part of a board's key where a page has several
    pick: Pick | None = None  # where a reader may choose among the charts
    has_diagnosis: bool = False  # whether its reader is told what is wrong
    has_past: bool = False  # whether its reader may go back in the run
    is_grouped: bool = True  # whether charts of a group stand under its heading
