"""Where saved runs are on the command line, and which one is meant."""

import os
import shlex
from collections.abc import Sequence
from pathlib import Path

from nnviz.library.saved import Saved
from nnviz.library.shelf import Shelf, usual_place
from nnviz.sessions.environment import read_environment
from nnviz.words.cli import PROGRAM, REFUSED
from nnviz.words.errors import listed
from nnviz.words.language import message

OWNER = "cli"  # of the runs that are begun here: no browser's, so that no page lists them as its own
_MOST = 5  # runs that a sentence names


def place_of(named: str | None) -> Path | None:
    """Return the folder of the runs: the one that is named, else that of NNVIZ_RUNS or the usual one; None where off.

    named: what was written on the command line, if anything.
    """
    if named:
        return Path(named)
    runs = read_environment(os.environ)[0].runs
    return None if runs == "off" else Path(runs) if runs else usual_place()


def shelf_of(named: str | None) -> Shelf:
    """Return the runs of that folder; ValueError where it is off."""
    place = place_of(named)
    if place is None:
        raise ValueError(message(REFUSED["off"]))
    return Shelf(place)


def find(shelf: Shelf, name: str) -> Saved:
    """Return the run with an id, with a name that was written on it, or whose id begins so; else ValueError."""
    runs = shelf.all()
    ways = (
        [run for run in runs if run.id == name],
        [run for run in runs if shelf.label(run.id).name == name],
        [run for run in runs if name and run.id.startswith(name)],
    )
    found = next((way for way in ways if way), [])
    if len(found) > 1:
        raise ValueError(message(REFUSED["several"], name=name, choices=_named(found)))
    if not found:
        there = message(REFUSED["newest"], choices=_named(runs)) if runs else message(REFUSED["nothing"])
        raise ValueError(message(REFUSED["no_run"], name=name, place=shelf.place, choices=there))
    return found[0]


def _named(runs: Sequence[Saved]) -> object:
    more = ["..."] if len(runs) > _MOST else []
    return listed([*(run.id for run in runs[:_MOST]), *more])


def folder_option(named: str | None) -> tuple[str, ...]:
    """Write down the folder of the runs for another command, where it was named."""
    return ("--runs", named) if named else ()


def command_of(verb: str, run: str, options: Sequence[str] = ()) -> str:
    """Write a command about a run as it can be typed."""
    return " ".join([PROGRAM, verb, run, *map(shlex.quote, options)])
