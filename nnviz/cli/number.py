"""Whole numbers as they are written on the command line."""

import re
from argparse import Namespace

from nnviz.words import errors
from nnviz.words.cli import REFUSED
from nnviz.words.language import message

MOST_UPDATES = 10**9


def whole(name: str, text: str | None, most: int) -> int | None:
    """Read one, None where there is none; ValueError for what is no number from 1 to `most`."""
    if text is None:
        return None
    if not re.fullmatch("[0-9]{1,12}", text) or not 1 <= int(text) <= most:
        raise ValueError(message(errors.NUMBERS["whole_within"], name=f"--{name}", low=1, high=most, value=text))
    return int(text)


def every_of(options: Namespace) -> int:
    """Return from one written loss to the next how many updates there are, 0 where none are written.

    Raises ValueError for what is no number, or where no lines are asked for.
    """
    every = whole("every", options.every, MOST_UPDATES)
    if every is not None and not options.jsonl:
        raise ValueError(message(REFUSED["no_lines"]))
    return every or 0
