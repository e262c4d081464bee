"""A lane as a value: who trains what, from where, and how closely it is looked at."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import count

from nnviz.catalog import check_change, check_spec
from nnviz.runs.past import Past
from nnviz.specs.branches import Leg
from nnviz.specs.experiment import Change, ExperimentSpec
from nnviz.specs.race import RaceSpec
from nnviz.training import Checkpoint, Detail
from nnviz.words import errors
from nnviz.words.language import message


@dataclass(frozen=True, slots=True)
class LaneSpec:
    """A lane as a value: who it is, what it trains from where, and how closely it is measured.

    id: unlike every other lane's of its run.  journal: changes planned ahead.  start: where it begins, if not at the
    spec's own beginning, and then the lane it comes from is its `parent`.  past: what it has behind it there.
    tier: how much measuring may cost beyond `detail`.
    watching: the share of training time that measuring may take, where more than is usual.
    is_stored: whether moments are kept from which others can go on.  since: updates done where it left its parent.
    earlier: the optimizers that it had before its present one.  is_catching_up: whether the others wait until it is
    level with them.
    """

    spec: ExperimentSpec
    label: str
    racer: int  # lanes that differ in their seed only share it
    detail: frozenset[str] | None = Detail.FULL  # None: there is nothing to look at
    each_epoch: bool = False  # whether it is measured at the end of every epoch, whatever else the budget allows
    id: str = ""  # none: its place
    journal: tuple[Change, ...] = ()
    start: Checkpoint | None = None
    parent: str = ""
    past: Past | None = None
    is_stored: bool = False
    tier: str = "economy"
    since: int = 0
    watching: float = 0.0
    earlier: tuple[Leg, ...] = ()
    is_catching_up: bool = False


def line_up(specs: Sequence[ExperimentSpec | LaneSpec]) -> list[LaneSpec]:
    """Name lanes by their optimizer, numbered where one comes twice, and by their places where they have no id."""
    named = [part.optimizer.name for part in specs if isinstance(part, ExperimentSpec)]
    found: list[LaneSpec] = []
    for place, part in enumerate(specs):
        if isinstance(part, LaneSpec):
            found.append(part)
            continue
        name = part.optimizer.name
        before = sum(other.spec.optimizer.name == name for other in found)
        found.append(LaneSpec(part, name if named.count(name) == 1 else f"{name} {before + 1}", place))
    return [replace(each, id=each.id or str(place)) for place, each in enumerate(found)]


def race_lanes(race: RaceSpec, labels: Sequence[str]) -> list[LaneSpec]:
    """Line up a race, each lane with its part of the journal.

    Only the first seed's lanes keep histograms and moments to go on from; none keeps the views of a single network.
    """
    found = []
    for place, (spec, racer) in enumerate(zip(race.specs, race.racers, strict=True)):
        is_first = spec.seed == race.base.seed
        detail = Detail.LAYERS if is_first else None
        journal = tuple(turn.change for turn in race.journal if turn.racer in (None, racer))
        lane = LaneSpec(spec, labels[racer], racer, detail, id=str(place), journal=journal, is_stored=is_first)
        found.append(lane)
    return found


def checked_lane(lane: LaneSpec) -> LaneSpec:
    """Return a lane that can be built and whose changes can be made; raise ValueError otherwise."""
    journal = tuple(check_change(lane.spec, change) for change in lane.journal)
    return replace(lane, spec=check_spec(lane.spec), journal=journal)


def named_apart(
    lane: ExperimentSpec | LaneSpec, others: Sequence[LaneSpec], former: Collection[str] = ()
) -> LaneSpec:  # fmt: skip
    """Return a lane under an id of its own, the next free number where it has none; ValueError where it is taken.

    former: ids that lanes had which have left.
    """
    if isinstance(lane, ExperimentSpec):
        alike = sum(other.spec.optimizer.name == lane.optimizer.name for other in others)
        label = f"{lane.optimizer.name} {alike + 1}" if alike else lane.optimizer.name
        lane = LaneSpec(lane, label, 1 + max(other.racer for other in others))
    taken = {other.id for other in others}
    if lane.id in taken:
        raise ValueError(message(errors.LANES["taken"], name=lane.id))
    return replace(lane, id=lane.id or next(name for name in map(str, count()) if name not in {*taken, *former}))


def places_of(lane: int | Iterable[int] | None, count: int) -> tuple[int, ...]:
    """Return the places of one of so many lanes, of several or of all; ValueError for one that is not there."""
    places = range(count) if lane is None else (lane,) if isinstance(lane, int) else tuple(lane)
    for place in places:
        if not 0 <= place < count:
            raise ValueError(message(errors.CHOICES["lane_from"], name=place, last=count - 1))
    return tuple(places)


def without(lanes: tuple[LaneSpec, ...], lane_id: str) -> tuple[LaneSpec, ...]:
    """Return all lanes but one; ValueError for one that is not there, and for the last one."""
    kept = tuple(lane for lane in lanes if lane.id != lane_id)
    if len(kept) == len(lanes):
        named = errors.listed(lane.id for lane in lanes)
        raise ValueError(message(errors.CHOICES["lane"], name=lane_id, choices=named))
    if not kept:
        raise ValueError(message(errors.LANES["last"]))
    return kept
