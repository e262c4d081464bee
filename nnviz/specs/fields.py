"""What the parameters of a link have in common."""

import difflib
from collections.abc import Iterable

from nnviz.words import errors
from nnviz.words.language import message


def refuse_unknown(query: Iterable[str], names: Iterable[str], passed: Iterable[str] = ()) -> None:
    """Raise ValueError for a parameter that looks like a misspelled name; others may belong to somebody else."""
    known, passed = list(names), set(passed)
    for key in query:
        close = difflib.get_close_matches(key, known, 1, 0.75)
        if key not in known and key not in passed and close:
            raise ValueError(message(errors.LINKS["unknown"], name=key, close=close[0]))
