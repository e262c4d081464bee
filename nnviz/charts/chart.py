"""The shape of a chart: a label, a help text and a pure function from a snapshot to a figure."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from nnviz.records.run import Snapshot
from nnviz.words.language import Text

Figure = dict[str, Any]  # {"data": [trace, ...], "layout": {...}} with float32 / int arrays, valid for go.Figure


@dataclass(frozen=True, slots=True)
class View:
    """How a reader wants the charts drawn; hashable, so that a drawn figure can be shared."""

    clock: str = "updates"  # the x axis: "updates", "epochs", "examples" or "seconds"
    log_loss: bool = False
    smoothing: float = 0.9  # weight of the past in the debiased running mean, 0 to below 1
    layer: str = ""  # a name from Record.layers; empty: the first
    ridges: bool = False  # histograms as ridges instead of a heat map
    discrete: bool = False  # the field as regions instead of shades
    show_test: bool = True  # test points over the field
    earlier: bool = True  # whether the run before is drawn behind the present one
    target: float | None = None  # a test loss to reach, in a race
    moment: int | None = None  # updates: all is drawn as it was then; None: now
    place: tuple[float, float] | None = None  # where a reader points in a plane that can be pointed at


PLAIN_VIEW = View()


@dataclass(frozen=True, slots=True)
class Chart:
    """One entry of CHARTS."""

    label: Text
    draw: Callable[..., Figure]  # draw(snapshot, view=View())
    help: Text  # a sentence or two: what am I looking at?
    fits: Callable[[Snapshot], bool] = lambda snapshot: True  # whether it says something about this run
    width: int = 1  # columns of the board's grid, 1 to 3
    rows: int = 1  # of the grid, 1 or 2; where it has fewer columns, one
    over_time: bool = False  # shows the whole run; others what it is at one moment
    follows_updates: bool = False  # changes with every update; others only with a new record
    is_steering: bool = False  # whether a hand on it turns the run, which who only watches may not
    has_stretches: bool = False  # whether a stretch that a reader zooms in on can be drawn from every update
    group: Text = ""  # under which it stands with others; empty: under none
    source: Callable[[Snapshot], Hashable] | None = None  # what it is drawn from, where that is something else yet
