"""All words of the lessons, a file for each lesson, so that a second language is one more folder."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Named = Mapping[str, tuple[str, str]]  # label and help


@dataclass(frozen=True, slots=True)
class Task:
    """A task as the reader sees it."""

    text: str  # what to reach
    hint: str  # where to turn
    praise: str  # what reaching it shows


@dataclass(frozen=True, slots=True)
class LessonTexts:
    """The words of one lesson."""

    title: str
    menu: str  # the title in a word or two
    card: str  # one sentence for the overview
    lead: str  # what the lesson is about, above its first figure
    knobs: Named = field(default_factory=dict)  # dials, menus, switches and buttons
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # of each menu: the label of each name
    charts: Named = field(default_factory=dict)  # title and help of each figure
    words: Mapping[str, str] = field(default_factory=dict)  # paragraphs, and words within figures
    tasks: Mapping[str, Task] = field(default_factory=dict)
