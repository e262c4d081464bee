"""`export`: a saved run, taken away."""

import sys
from argparse import Namespace

from nnviz.cli.destination import Destination
from nnviz.cli.exports import EXPORTS
from nnviz.cli.place import find, library_of
from nnviz.cli.status import ExitStatus
from nnviz.export.kept import KeptRun
from nnviz.words.cli import REFUSED
from nnviz.words.errors import listed
from nnviz.words.language import message


def run(options: Namespace) -> int:
    """Write it; ValueError where there is no such run, no such lane or no such export."""
    export = EXPORTS.get(options.what)
    if export is None:
        raise ValueError(message(REFUSED["export"], name=options.what, choices=listed(EXPORTS)))
    library = library_of(options.runs)
    saved = find(library, options.run)
    kept = KeptRun.of(library, saved)
    kept = kept if options.lane is None else kept.only(options.lane)
    for sentence in export(kept, Destination(options.out, saved.id)):
        sys.stderr.write(f"{sentence}\n")
    return ExitStatus.DONE
