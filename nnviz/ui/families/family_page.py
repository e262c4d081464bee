"""What a model's page is made of."""

from collections.abc import Callable
from dataclasses import dataclass

from nnviz.specs.experiment import ExperimentSpec
from nnviz.words.language import Text
from nnviz.words.models import FamilyTexts


@dataclass(frozen=True, slots=True)
class Try:
    """Something to try on a model's page: what to do, what to look for, and the settings that it needs.

    edit: from the model's usual settings.  beside: the twin to train beside it.
    """

    label: Text
    text: Text
    edit: Callable[[ExperimentSpec], ExperimentSpec] = lambda spec: spec
    beside: str = ""


@dataclass(frozen=True, slots=True)
class FamilyPage:
    """One model's page: where it is, its icon, its words, and what its boards show.

    own: charts of its own view, on a board with dials.  more: the charts below.  beside: the twin it opens with.
    """

    path: str
    icon: str
    texts: FamilyTexts
    own: tuple[str, ...]
    more: tuple[str, ...] = ("loss", "accuracy", "sample", "confusion")
    beside: str = ""
    tries: tuple[Try, ...] = ()
