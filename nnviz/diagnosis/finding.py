"""What is wrong with a run: since when, why one thinks so, and what one press does about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from nnviz.specs.experiment import Choice
from nnviz.words.language import Message


@dataclass(frozen=True, slots=True)
class Cure:
    """What to do.

    values: of live knobs.  step: where a branch begins with them; None: they are turned now.  settings: those of a
    fresh run, where no live knob helps.  is_tried: whether rates are tried on a copy first, so that the branch begins
    with one that has held there.
    """

    text: Message  # of the button
    values: Mapping[str, float] = field(default_factory=dict)
    step: int | None = None
    settings: Mapping[str, Choice | None] = field(default_factory=dict)
    is_tried: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong; since: updates done when it was first seen.

    racer: whose lane it is, where that is not the one in focus.
    """

    name: str
    since: int
    text: Message
    cure: Cure | None = None
    racer: int | None = None

    @property
    def id(self) -> str:
        """What tells it from all others of a run."""
        return self.name if self.racer is None else f"{self.name}.{self.racer}"
