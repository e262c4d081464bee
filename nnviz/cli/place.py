"""Where saved runs are on the command line, and which one is meant."""

import math
import os
import shlex
from collections.abc import Sequence
from pathlib import Path

from nnviz.library.library import Library, usual_place
from nnviz.library.saved import Saved
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


def library_of(named: str | None) -> Library:
    """Return the runs of that folder, none of which is let go here; ValueError where it is off."""
    place = place_of(named)
    if place is None:
        raise ValueError(message(REFUSED["off"]))
    return Library(place, most_mb=math.inf)


def find(library: Library, name: str) -> Saved:
    """Return the run with an id, with a name that was written on it, or whose id begins so; else ValueError."""
    runs = library.all()
    ways = (
        [run for run in runs if run.id == name],
        [run for run in runs if library.label(run.id).name == name],
        [run for run in runs if name and run.id.startswith(name)],
    )
    found = next((way for way in ways if way), [])
    if len(found) > 1:
        raise ValueError(message(REFUSED["several"], name=name, choices=_named(found)))
    if not found:
        there = message(REFUSED["newest"], choices=_named(runs)) if runs else message(REFUSED["nothing"])
        raise ValueError(message(REFUSED["no_run"], name=name, place=library.place, choices=there))
    return found[0]


def _named(runs: Sequence[Saved]) -> object:
    more = ["..."] if len(runs) > _MOST else []
    return listed([*(run.id for run in runs[:_MOST]), *more])


def command_of(verb: str, run: str, options: Sequence[str] = ()) -> str:
    """Write a command about a run as it can be typed."""
    return " ".join([PROGRAM, verb, run, *map(shlex.quote, options)])
