"""`show`: one saved run, with its settings, changes, figures and link."""

import json
import sys
from argparse import Namespace
from collections.abc import Iterator

from nnviz.catalog import check_change, label_of
from nnviz.catalog.openings import read_page
from nnviz.catalog.optimizers import labels
from nnviz.cli.commands.runs import as_json, moment
from nnviz.cli.link import PAGES, link_of
from nnviz.cli.place import find, library_of
from nnviz.cli.status import ExitStatus
from nnviz.cli.table import draw_pairs
from nnviz.library.library import Library
from nnviz.library.naming import settings_of
from nnviz.library.saved import Saved
from nnviz.specs.race import LaneChange, RaceSpec
from nnviz.words.cli import FIGURES, SHOWN
from nnviz.words.language import message, message_of
from nnviz.words.messages import CHANGE

_IN_JOURNAL = "journal"


def run(options: Namespace) -> int:
    """Tell of it; ValueError where there is none of that name."""
    library = library_of(options.runs)
    saved = find(library, options.run)
    if options.json:
        sys.stdout.write(json.dumps(as_json(library, saved), indent=1) + "\n")
        return ExitStatus.DONE
    draw_pairs([(SHOWN[name], text) for name, text in _told(library, saved) if text])
    return ExitStatus.DONE


def _told(library: Library, saved: Saved) -> Iterator[tuple[str, str]]:
    label = library.label(saved.id)
    yield "run", saved.id
    yield "name", label.name
    yield "note", label.note
    yield "page", PAGES.get(saved.kind, saved.kind)
    yield "what", settings_of(saved)
    yield "status", saved.status
    yield "step", f"{saved.step:,}"
    yield "seconds", f"{saved.seconds:,.1f}"
    yield "created", moment(saved.created)
    yield "saved", moment(saved.saved)
    yield from (("figures", text) for text in _figures(saved))
    yield from (("settings", f"{name}={value}") for name, value in saved.query.items() if name != _IN_JOURNAL)
    yield from (("journal", text) for text in _changes(saved))
    yield "machine", ", ".join(f"{name} {value}" for name, value in saved.machine.items())
    yield "folder", str(library.place / saved.id)
    yield "link", link_of(saved)


def _figures(saved: Saved) -> Iterator[str]:
    for name in FIGURES:
        value = saved.figures.get(name)
        if value is not None:
            yield FIGURES[name].format(value=value)


def _changes(saved: Saved) -> Iterator[str]:
    """Write each live change in words, or why the run's link cannot be read any more."""
    try:
        plan = read_page(saved.kind, dict(saved.query))
    except ValueError as error:
        yield str(message_of(error))
        return
    names = labels(plan.lanes) if isinstance(plan, RaceSpec) else ()
    for turn in plan.journal:
        racer, change = (turn.racer, turn.change) if isinstance(turn, LaneChange) else (None, turn)
        spec = plan.specs[plan.places(racer)[0]] if isinstance(plan, RaceSpec) else plan.spec
        after = check_change(spec, change).value
        told = str(message(CHANGE["to"], knob=label_of(spec, change.target), after=after))
        if racer is None:
            yield SHOWN["change"].format(step=change.step, change=told)
        else:
            yield SHOWN["change_of"].format(step=change.step, change=told, lane=names[racer])
