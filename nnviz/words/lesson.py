"""All words of the lessons, a file for each lesson, so that a second language is one more folder."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from nnviz.words.language import Table, Text

Named = Mapping[str, tuple[str, str]]  # label and help


@dataclass(frozen=True, slots=True)
class Task:
    """A task as the reader sees it."""

    text: Text  # what to reach
    hint: Text  # where to turn, after some tries
    praise: Text  # what reaching it shows
    way: Text  # how to get there from where the lesson begins, after some more


@dataclass(frozen=True, slots=True)
class LessonTexts:
    """The words of one lesson."""

    title: Text
    menu: Text  # the title in a word or two
    card: Text  # one sentence for the overview
    lead: Text  # what the lesson is about, above its first figure
    knobs: Named = field(default_factory=dict)  # dials, menus, switches and buttons
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # of each menu: the label of each name
    charts: Named = field(default_factory=dict)  # title and help of each figure
    words: Mapping[str, str] = field(default_factory=dict)  # paragraphs, and words within figures
    tasks: Mapping[str, Task] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Have what stands under a name looked up when it is taken out."""
        for name in ("knobs", "choices", "charts", "words", "tasks"):
            object.__setattr__(self, name, Table(**getattr(self, name)))
