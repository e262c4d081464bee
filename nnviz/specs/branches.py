"""Branches as a link holds them: lanes that go on from where another one was; and how a lane came to its optimizer."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from nnviz.specs.experiment import Change, Choice
from nnviz.words import errors
from nnviz.words.language import message

BRANCHES = "branches"  # the parameter of a link that holds them
_BRANCH = re.compile(r"([0-9]{1,2})@([0-9]{1,2}):([0-9]{1,12})(?::(.+))?")


@dataclass(frozen=True, slots=True)
class Leg:
    """An optimizer that a lane had before its present one, and the update at which another took its place."""

    optimizer: Choice
    until: int


@dataclass(frozen=True, slots=True)
class PlannedBranch:
    """A racer that goes on from where another one is after so many updates, with changes of its own from there on.

    optimizer: another one, whose memory begins fresh; None where it keeps its parent's, memory included.
    """

    racer: int
    parent: int
    step: int
    optimizer: Choice | None = None
    changes: tuple[Change, ...] = ()

    def __str__(self) -> str:
        return f"{self.racer}@{self.parent}:{self.step}" + (f":{self.optimizer}" if self.optimizer else "")

    @classmethod
    def parse(cls, text: str) -> "PlannedBranch":
        """Read what `str` wrote, which is without the changes; raises ValueError for anything else."""
        found = _BRANCH.fullmatch(text)
        if found is None:
            raise ValueError(message(errors.LINKS["branch"], value=text))
        racer, parent, step, optimizer = found.groups()
        return cls(int(racer), int(parent), int(step), Choice.parse(optimizer) if optimizer else None)


def read_branches(query: Mapping[str, str]) -> tuple[PlannedBranch, ...]:
    """Read the branches of a link, without their changes; raises ValueError for what cannot be read."""
    return tuple(PlannedBranch.parse(text) for text in query.get(BRANCHES, "").split(";") if text)


def with_changes(branches: Iterable[PlannedBranch], turns: Sequence[tuple[int, Change]]) -> tuple[PlannedBranch, ...]:
    """Give each branch the changes of its racer, in order."""
    return tuple(
        replace(each, changes=tuple(sorted((turn for racer, turn in turns if racer == each.racer), key=_step)))
        for each in branches
    )


def _step(change: Change) -> int:
    return change.step
