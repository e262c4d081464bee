"""What is told beside the standard output, which is for what was asked for."""

import sys
from collections.abc import Iterable


def note(sentences: Iterable[str]) -> None:
    """Tell how it goes."""
    sys.stderr.write("".join(f"{sentence}\n" for sentence in sentences))
    sys.stderr.flush()
