"""The shape of an instrument's entry."""

from collections.abc import Callable
from dataclasses import dataclass

from nnviz.catalog.task import ModelContext
from nnviz.records.readings import Reading
from nnviz.records.shapes import Question
from nnviz.records.tier import Tier


@dataclass(frozen=True, slots=True)
class Instrument:
    """How something is measured of a network in evaluation: deterministic, from `look.noise` alone where it draws.

    is_kept: whether every kept record has it, so that a reader can go back in time; then it must be small.
    is_copy: whether it is a copy of the network itself, taken where the page asks the network further questions.
    asks: the fields of the question that it depends on.
    tier: from which on it is taken.
    """

    take: Callable[[ModelContext, Question], Reading | None]  # None: nothing to see with this network or data
    is_kept: bool = False
    is_copy: bool = False
    asks: tuple[str, ...] = ()
    tier: Tier = Tier.ECONOMY


def place_of(look: ModelContext, question: Question) -> int:
    """Return which test example is asked for; the last one where there are not so many."""
    return min(question.picture, len(look.data.test_x) - 1)
