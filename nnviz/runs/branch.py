"""A lane that goes on from where another one was."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count

from nnviz.catalog import check_spec
from nnviz.catalog.schedules import pinned
from nnviz.runs.lane_spec import LaneSpec
from nnviz.specs.experiment import Change, Choice
from nnviz.words import errors
from nnviz.words.language import message

MOST_LANES = 8  # of a run that has branches


@dataclass(frozen=True, slots=True)
class Branch:
    """A lane that is to join, the updates that the other one had done there, and the changes that are made."""

    entrant: LaneSpec
    step: int
    changes: tuple[Change, ...] = ()


def branch_of(
    lanes: Sequence[LaneSpec], parent: str, optimizer: Choice | None = None, label: str = "", *, is_at_end: bool = False
) -> LaneSpec:
    """Return a lane that comes from another one, under an id and a name of its own; ValueError where it cannot be.

    is_at_end: whether it begins where the other one was done; then it goes on until it is stopped.
    """
    found = next((lane for lane in lanes if lane.id == parent), None)
    if found is None:
        named = errors.listed(lane.id for lane in lanes)
        raise ValueError(message(errors.CHOICES["lane"], name=parent, choices=named))
    if len(lanes) >= MOST_LANES:
        raise ValueError(message(errors.LANES["many"], most=MOST_LANES))
    if not found.is_stored:
        raise ValueError(message(errors.LANES["unstored"], name=parent))
    spec = check_spec(found.spec.with_(optimizer=optimizer)) if optimizer else found.spec
    spec = pinned(spec).with_(epochs=0) if is_at_end else spec
    number = next(n for n in count(1) if all(lane.racer != n for lane in lanes))
    name = next(each for each in map(str, count(number)) if all(lane.id != each for lane in lanes))
    return replace(
        found, spec=spec, label=label or found.label, racer=number, id=name, parent=parent, journal=(), start=None,
        past=None,
    )  # fmt: skip
