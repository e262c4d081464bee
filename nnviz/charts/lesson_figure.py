"""The shape of a lesson's figure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from nnviz.charts.chart import Figure

Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Picture:
    """One figure of a lesson; its title and help stand with the lesson's texts."""

    draw: Callable[..., Figure]  # draw(results, words): the words that stand in the figure
    width: int = 1  # columns of the board's grid
    over_time: bool = False  # whether it shows the whole run, with a cursor where its reader looks back
