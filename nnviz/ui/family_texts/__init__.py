"""What the models' pages say, a module each: a second language is one more table of each."""

from collections.abc import Callable
from dataclasses import dataclass

from nnviz.spec import ExperimentSpec


@dataclass(frozen=True, slots=True)
class Try:
    """Something to try on a model's page: what to do, what to look for, and the settings that it needs.

    edit: from the model's usual settings.  beside: the twin to train beside it.
    """

    label: str
    text: str
    edit: Callable[[ExperimentSpec], ExperimentSpec] = lambda spec: spec
    beside: str = ""


@dataclass(frozen=True, slots=True)
class FamilyTexts:
    """The words of a model's page.

    card: a line for the overview.  lead: the idea in two or three sentences, above the charts.
    idea: what the model's own view shows and why it matters, on its card.
    """

    title: str
    menu: str
    card: str
    lead: str
    idea: str
    tries: tuple[Try, ...]
