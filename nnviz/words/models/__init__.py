"""What the models' pages say, a module each."""

from collections.abc import Mapping
from dataclasses import dataclass

from nnviz.words.language import Text


@dataclass(frozen=True, slots=True)
class FamilyTexts:
    """The words of a model's page.

    card: a line for the overview.  lead: the idea in two or three sentences, above the charts.
    idea: what the model's own view shows and why it matters, on its card.
    tries: of each thing to try what to do, and what to look for.
    """

    title: Text
    menu: Text
    card: Text
    lead: Text
    idea: Text
    tries: Mapping[str, tuple[Text, Text]]
