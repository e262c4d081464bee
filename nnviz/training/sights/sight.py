"""The shape of a sight's entry."""

from collections.abc import Callable
from dataclasses import dataclass

from nnviz.catalog.task import ModelContext
from nnviz.records.shapes import Question, Sight


@dataclass(frozen=True, slots=True)
class Taken:
    """How a sight is taken, of a network in evaluation: deterministic, from `look.noise` alone where it draws.

    is_kept: whether every kept record has it, so that a reader can go back in time; then it must be small.
    asks: the fields of the question that it depends on.
    """

    take: Callable[[ModelContext, Question], Sight | None]  # None: nothing to see with this data
    is_kept: bool = False
    asks: tuple[str, ...] = ()


def place_of(look: ModelContext, question: Question) -> int:
    """Return which test example is asked for; the last one where there are not so many."""
    return min(question.picture, len(look.data.test_x) - 1)
