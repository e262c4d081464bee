"""`train`: the run of a link, to its end."""

import math
import sys
from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path

from nnviz.catalog.files import missing
from nnviz.catalog.folders import can_be_written
from nnviz.cli.goal import Goal
from nnviz.cli.link import Link, read_link
from nnviz.cli.place import OWNER, place_of
from nnviz.cli.training import PATIENCE, train_on
from nnviz.library.library import Library
from nnviz.library.naming import settings_of_query
from nnviz.runs.pool import Pool
from nnviz.sessions.saving import kind_of
from nnviz.specs.experiment import ExperimentSpec
from nnviz.words.cli import REFUSED, TOLD
from nnviz.words.language import message


def run(options: Namespace) -> int:
    """Train it; ValueError for what cannot be trained."""
    goal = Goal.of(options)
    link = _until(read_link(options.link), goal)
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
    note(outcome.told(name, place, goal, folder_option(options)))
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


def folder_option(options: Namespace) -> tuple[str, ...]:
    """Write down the folder of the runs for another command, where it was named."""
    return ("--runs", options.runs) if options.runs else ()


def note(sentences: Iterable[str]) -> None:
    """Tell how it goes, beside what goes to the standard output."""
    sys.stderr.write("".join(f"{sentence}\n" for sentence in sentences))
    sys.stderr.flush()
