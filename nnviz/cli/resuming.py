"""A saved run from its last state."""

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from nnviz.catalog.folders import can_be_written
from nnviz.catalog.schedules import pinned
from nnviz.cli.beginning import check_data
from nnviz.cli.goal import Goal
from nnviz.cli.note import note
from nnviz.cli.place import folder_option
from nnviz.cli.status import ExitStatus
from nnviz.cli.training import PATIENCE, steps_of, train_on
from nnviz.library.library import Library
from nnviz.library.machine import machine
from nnviz.library.naming import settings_of
from nnviz.library.saved import Saved
from nnviz.records.status import Status
from nnviz.runs.lane_spec import LaneSpec
from nnviz.runs.pool import Pool
from nnviz.sessions.saving import reopened
from nnviz.words.cli import REFUSED, TOLD
from nnviz.words.language import message

Lanes = tuple[LaneSpec, ...]
_LENGTHS = {"epochs", "schedule"}  # of a link: a schedule as long as the run keeps the length that it had
_ROUNDS = ("torch", "processor")  # what decides how sums are rounded


def resume(saved: Saved, place: Path, goal: Goal, options: Namespace) -> int:
    """Go on with it; ValueError where that cannot be."""
    if not can_be_written(place / saved.id):
        raise ValueError(message(REFUSED["read_only"], name=saved.id, place=place / saved.id))
    library = Library(place)
    saved, lanes = _until(saved, library.take_up(saved.id), goal)
    if all(_status(lane).is_over for lane in lanes):
        return _over(saved, lanes)
    if goal.updates == saved.step:  # whoever asks again and again until it is there is not refused
        note([TOLD["there"].format(run=saved.id, step=saved.step)])
        return ExitStatus.DONE
    goal.check(lanes[0].spec.epochs)
    goal.left(steps_of(lanes))
    check_data(lanes[0].spec)
    pool = Pool(1)
    session = reopened(saved, lanes, saved.session, pool, PATIENCE)
    note(_begins(saved))
    library.claim(saved.id)
    outcome = train_on(session, pool, library, goal, options)
    note(outcome.told(library.kept_as(saved.id), place, goal, folder_option(options.runs)))
    return outcome.status


def _until(saved: Saved, lanes: Lanes, goal: Goal) -> tuple[Saved, Lanes]:
    """Give a run other epochs where these are asked for: one that was done goes on."""
    if goal.epochs in (None, lanes[0].spec.epochs):
        return saved, lanes
    goal.check_epochs(max(_epochs(lane) for lane in lanes))
    lengthened = tuple(_lengthened(lane, goal.epochs) for lane in lanes)
    query = {**saved.query, **{name: lengthened[0].spec.to_query()[name] for name in _LENGTHS & saved.query.keys()}}
    return replace(saved, query=query), lengthened


def _epochs(lane: LaneSpec) -> float:
    place = lane.start.place if lane.start else None
    return place.seen / len(place.order) if place and len(place.order) else 0.0


def _lengthened(lane: LaneSpec, epochs: int) -> LaneSpec:
    past = lane.past
    if past is not None and past.status == Status.DONE:
        past = replace(past, status=Status.READY)
    return replace(lane, spec=pinned(lane.spec).with_(epochs=epochs), past=past)


def _status(lane: LaneSpec) -> Status:
    return lane.past.status if lane.past else Status.READY


def _over(saved: Saved, lanes: Lanes) -> int:
    """Tell of a run that has come to its end before."""
    reason = next((str(lane.past.message) for lane in lanes if lane.past and lane.past.message), "")
    note([TOLD["over"].format(run=saved.id), *([reason] if reason else [])])
    ends = {_status(lane) for lane in lanes}
    if Status.DONE in ends:
        return ExitStatus.DONE
    return ExitStatus.DIVERGED if Status.DIVERGED in ends else ExitStatus.FAILED


def _begins(saved: Saved) -> Sequence[str]:
    begins = TOLD["goes_on"].format(run=saved.id, what=settings_of(saved), step=saved.step)
    before = saved.machine
    is_other = any(before.get(name, here) != here for name, here in machine().items() if name in _ROUNDS)
    return [begins, TOLD["other"].format(**{name: before.get(name) for name in _ROUNDS})] if is_other else [begins]
