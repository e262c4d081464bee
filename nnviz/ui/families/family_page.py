"""What a model's page is made of."""

from dataclasses import dataclass

from nnviz.ui.tries import Try
from nnviz.words.models import FamilyTexts


@dataclass(frozen=True, slots=True)
class FamilyPage:
    """One model's page: where it is, its icon, its words, and what its boards show.

    own: charts of its own view, on a board with dials.  more: the charts below.
    """

    path: str
    icon: str
    texts: FamilyTexts
    own: tuple[str, ...]
    more: tuple[str, ...] = ("loss", "accuracy", "sample", "confusion")
    tries: tuple[Try, ...] = ()

    @property
    def below(self) -> tuple[str, ...]:
        """The charts below, with one that every page has where it says something."""
        return (*self.more, "learning_rate")
