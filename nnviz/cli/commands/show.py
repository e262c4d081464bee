"""`show`: one saved run, with its settings, changes, figures and link."""

import json
import sys
from argparse import Namespace
from collections.abc import Iterator

from nnviz.cli.commands.runs import as_json, moment, what_of
from nnviz.cli.pages import PAGES, link_of
from nnviz.cli.place import find, shelf_of
from nnviz.cli.status import ExitStatus
from nnviz.cli.table import draw_pairs
from nnviz.library.saved import Saved
from nnviz.library.shelf import Shelf
from nnviz.library.told import branches_told, turns_told
from nnviz.words.cli import FIGURES, SHOWN
from nnviz.words.language import message_of

_IN_WORDS = ("journal", "branches")  # of a link: told by themselves


def run(options: Namespace) -> int:
    """Tell of it; ValueError where there is none of that name."""
    shelf = shelf_of(options.runs)
    saved = find(shelf, options.run)
    if options.json:
        sys.stdout.write(json.dumps(as_json(shelf, saved), indent=1) + "\n")
        return ExitStatus.DONE
    draw_pairs([(SHOWN[name], text) for name, text in _told(shelf, saved) if text])
    return ExitStatus.DONE


def _told(shelf: Shelf, saved: Saved) -> Iterator[tuple[str, str]]:
    label = shelf.label(saved.id)
    yield "run", saved.id
    yield "name", label.name
    yield "note", label.note
    yield "page", PAGES.get(saved.kind, saved.kind)
    yield "what", what_of(saved)
    yield "status", saved.status
    yield "step", f"{saved.step:,}"
    yield "seconds", f"{saved.seconds:,.1f}"
    yield "created", moment(saved.created)
    yield "saved", moment(saved.saved)
    yield from (("figures", text) for text in _figures(saved))
    yield from (("settings", f"{name}={value}") for name, value in saved.query.items() if name not in _IN_WORDS)
    yield from (("branches", text) for text in _branches(saved))
    yield from (("journal", text) for text in _changes(saved))
    yield "machine", ", ".join(f"{name} {value}" for name, value in saved.machine.items())
    yield "folder", str(shelf.place / saved.id)
    yield "link", link_of(saved)


def _figures(saved: Saved) -> Iterator[str]:
    for name in FIGURES:
        value = saved.figures.get(name)
        if value is not None:
            yield FIGURES[name].format(value=value)


def _changes(saved: Saved) -> Iterator[str]:
    """Write each live change in words, or why they cannot be read any more."""
    try:
        for step, whose, told in turns_told(saved):
            yield SHOWN["change_of" if whose else "change"].format(step=step, change=told, lane=whose)
    except ValueError as error:
        yield str(message_of(error))


def _branches(saved: Saved) -> Iterator[str]:
    """Write where each branch comes from, or why that cannot be read any more."""
    try:
        yield from map(str, branches_told(saved))
    except ValueError as error:
        yield str(message_of(error))
