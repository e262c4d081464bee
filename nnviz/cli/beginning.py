"""A link's run from its start."""

import math
from argparse import Namespace
from pathlib import Path

from nnviz.catalog.files import missing
from nnviz.catalog.folders import can_be_written
from nnviz.cli.asked import Asked
from nnviz.cli.goal import Goal
from nnviz.cli.link import Link, plan_of
from nnviz.cli.note import note
from nnviz.cli.place import OWNER, folder_option, place_of
from nnviz.cli.training import PATIENCE, train_on
from nnviz.library.library import Library
from nnviz.library.naming import settings_of_query
from nnviz.runs.pool import Pool
from nnviz.sessions.saving import kind_of
from nnviz.specs.experiment import ExperimentSpec
from nnviz.words.cli import REFUSED, TOLD
from nnviz.words.language import message


def begin(asked: Asked, goal: Goal, options: Namespace) -> int:
    """Train what was asked for; ValueError for what cannot be trained."""
    link = _until(plan_of(asked), goal)
    goal.check(link.plan.spec.epochs)
    check_data(link.plan.spec)
    place = None if options.no_save else _writable(options.runs)
    pool = Pool(1)
    session = kind_of(link.page)(link.plan, OWNER, pool, patience=PATIENCE)
    what = settings_of_query(link.page, link.plan.to_query())
    name = session.stand.name
    note([TOLD["begins" if place else "unsaved"].format(run=name, what=what)])
    library = None if place is None else Library(place, most_mb=math.inf)
    outcome = train_on(session, pool, library, goal, options)
    note(outcome.told(name, place, goal, folder_option(options.runs)))
    return outcome.status


def _until(link: Link, goal: Goal) -> Link:
    """Give a link's plan other epochs where these are asked for."""
    if goal.epochs is None:
        return link
    return Link(link.page, link.plan.with_spec(link.plan.spec.with_(epochs=goal.epochs)))


def check_data(spec: ExperimentSpec) -> None:
    """Raise ValueError where a spec's data is not on this machine."""
    lacking = missing(spec.dataset.name)
    if lacking is not None:
        raise ValueError(lacking)


def _writable(named: str | None) -> Path | None:
    """Return the folder to save in, None where saving is off; ValueError where it cannot be written."""
    place = place_of(named)
    if place is not None and not can_be_written(place):
        raise ValueError(message(REFUSED["folder"], place=place))
    return place
