"""The run before, pale behind the present one, whose axes it never moves."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from nnviz.charts import facts
from nnviz.charts.facts import Series
from nnviz.charts.figure import Trace, line
from nnviz.charts.palette import GHOST, Style
from nnviz.records.run import Lane
from nnviz.records.status import Status
from nnviz.words.charts import WORDS

_POINTS = 250  # of one line


class Ghost(NamedTuple):
    """An earlier lane with its lines: smoothed losses of batches first, then what was evaluated."""

    lane: Lane
    lines: Sequence[Series]

    @property
    def end(self) -> float:
        """Where the longest line ends."""
        return max((float(part.x[-1]) for part in self.lines if len(part.x)), default=0.0)


def ghost_lines(ghosts: Sequence[Ghost], end: float) -> Iterator[Trace]:
    """Draw earlier lanes as far as the axis reaches; the first one's name says how far it went."""
    for at, ghost in enumerate(ghosts):
        for place, every in enumerate(ghost.lines):
            found = facts.pick(_until(every, end), _POINTS)
            look = Style(GHOST, "dash" if place else "solid")
            group = {"legendgroup": "before", "showlegend": not at and not place, "hoverinfo": "skip"}
            yield line(found.x, found.y, look, _name(ghost.lane), width=1.5, **group)


def _name(lane: Lane) -> str:
    word = "before_lost" if lane.status == Status.DIVERGED else "before"
    return WORDS[word].format(updates=f"{lane.step:,}")


def _until(every: Series, end: float) -> Series:
    """Cut a line off just after the axis ends."""
    count = int((every.x <= end).sum()) + 1
    return Series(every.x[:count], every.y[:count])
