"""`export`: a saved run, taken away."""

from argparse import Namespace

from nnviz.cli.destination import Destination
from nnviz.cli.note import note
from nnviz.cli.place import find, shelf_of
from nnviz.cli.status import ExitStatus
from nnviz.words.cli import EXPORTS, REFUSED
from nnviz.words.errors import listed
from nnviz.words.language import message


def run(options: Namespace) -> int:
    """Write it; ValueError where there is no such run, no such lane or no such export."""
    if options.what not in EXPORTS:
        raise ValueError(message(REFUSED["export"], name=options.what, choices=listed(EXPORTS)))
    shelf = shelf_of(options.runs)
    saved = find(shelf, options.run)
    from nnviz.cli.exports import export  # PyTorch takes seconds

    note(export(options.what, saved, shelf.place, Destination(options.out, saved.id), options.lane))
    return ExitStatus.DONE
