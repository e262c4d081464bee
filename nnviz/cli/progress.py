"""How far a run has come, on a terminal as a bar and elsewhere as a line now and then."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Column

from nnviz.cli.goal import Goal
from nnviz.cli.standing import brief_standing
from nnviz.records.run import Snapshot

Show = Callable[[Snapshot], None]
EVERY_S = 10.0  # between two lines
_LONGEST = 200  # characters of a line
_BAR = 12  # characters
_BESIDE = _BAR + 13  # of the bar, the share and the time that is left


@contextmanager
def progress(goal: Goal, out: TextIO, *, is_quiet: bool) -> Iterator[Show]:
    """Give what shows a snapshot while this lasts."""
    if is_quiet:
        yield lambda snapshot: None
    elif out.isatty():
        with _bar(out) as bar:
            task = bar.add_task("", total=1.0)
            yield lambda snapshot: bar.update(
                task, completed=goal.share(snapshot), description=brief_standing(snapshot, bar.console.width - _BESIDE)
            )
    else:
        yield Lines(out).show


def _bar(out: TextIO) -> Progress:
    """Make a bar that gives way to what is written to the same terminal, and goes at the end."""
    return Progress(
        BarColumn(_BAR),
        TaskProgressColumn(),
        TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True)),
        TimeRemainingColumn(compact=True),
        console=Console(file=out),
        transient=True,
        redirect_stdout=sys.stdout.isatty(),
    )


class Lines:
    """Writes where a run stands, at most every ten seconds."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._written_at = monotonic()

    def show(self, snapshot: Snapshot) -> None:
        """Write a line if it is time for one."""
        if monotonic() - self._written_at >= EVERY_S:
            self._written_at = monotonic()
            self._out.write(f"{brief_standing(snapshot, _LONGEST)}\n")
            self._out.flush()
