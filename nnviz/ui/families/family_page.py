"""What a model's page is made of."""

from dataclasses import dataclass

from nnviz.charts.groups import ALONE, SEVERAL
from nnviz.ui.tries import Try
from nnviz.words.models import FamilyTexts


@dataclass(frozen=True, slots=True)
class FamilyPage:
    """One model's page: where it is, its icon, its words, and what its boards show.

    own: charts of its own view, on a board with dials.  more: the charts below, above those of every network.
    """

    path: str
    icon: str
    texts: FamilyTexts
    own: tuple[str, ...]
    more: tuple[str, ...] = ("loss", "accuracy", "sample", "confusion")
    tries: tuple[Try, ...] = ()

    @property
    def below(self) -> tuple[str, ...]:
        """Name the charts below its own view: its own choice, the rate, and what is measured layer by layer."""
        also = ("learning_rate", *SEVERAL, *ALONE)
        return (*self.more, *(name for name in also if name not in (*self.own, *self.more)))
