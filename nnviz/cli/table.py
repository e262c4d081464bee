"""Rows in columns: a terminal gets them in its width, a file or a pipe as wide as they are."""

import sys
from collections.abc import Collection, Sequence

from rich.console import Console
from rich.table import Table

_WIDE = 100_000


def draw_table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: Collection[str], folded: Collection[str]
) -> None:
    """Write a table to the standard output, without columns in which nothing stands.

    numbers, folded: heads of columns that are set to the right, and of those that may take several lines.
    """
    table = Table(box=None, pad_edge=False)
    kept = [place for place in range(len(heads)) if any(row[place] for row in rows)]
    for head in (heads[place] for place in kept):
        table.add_column(
            head, justify="right" if head in numbers else "left", overflow="fold", no_wrap=head not in folded
        )
    for row in rows:
        table.add_row(*(row[place] for place in kept))
    _write(table)


def _write(table: Table) -> None:
    width = None if sys.stdout.isatty() else _WIDE
    console = Console(width=width, markup=False, highlight=False, emoji=False)
    with console.capture() as capture:
        console.print(table)
    sys.stdout.write("".join(f"{line.rstrip()}\n" for line in capture.get().splitlines()))


def draw_pairs(pairs: Sequence[tuple[str, str]]) -> None:
    """Write what belongs to names to the standard output, a name that comes again left out; no line is broken."""
    width = max(len(name) for name, _ in pairs)
    last = ""
    for name, text in pairs:
        sys.stdout.write(f"{'' if name == last else name:{width}}  {text}\n")
        last = name
