"""Where a run is written to when it is taken away."""

import sys
from pathlib import Path

from nnviz.words.cli import REFUSED
from nnviz.words.language import message

_STANDARD = "-"


class Destination:
    """A place that was named, or one in the present folder that is named after the run.

    named: a file, a folder or "-", the standard output.
    """

    def __init__(self, named: str | None, run: str) -> None:
        self._named, self._usual = named, f"nnviz-{run.replace('.', '-').lstrip('-')}"

    def write(self, ending: str, text: str) -> Path | None:
        """Write a text, and return its file unless it went to the standard output."""
        if self._named == _STANDARD:
            sys.stdout.write(text)
            return None
        file = self.file(ending)
        file.write_text(text, encoding="utf-8")
        return file

    def file(self, ending: str) -> Path:
        """Return the file to write to, within a folder that is there; ValueError for the standard output."""
        place = self._place(ending)
        place.parent.mkdir(parents=True, exist_ok=True)
        return place

    def folder(self, ending: str) -> Path:
        """Make the folder to write to; ValueError where there is something already, and for the standard output."""
        place = self._place(ending)
        if place.exists() and (not place.is_dir() or any(place.iterdir())):
            raise ValueError(message(REFUSED["there"], place=place))
        place.mkdir(parents=True, exist_ok=True)
        return place

    def _place(self, ending: str) -> Path:
        if self._named == _STANDARD:
            raise ValueError(message(REFUSED["pipe"]))
        named = Path(self._named) if self._named else Path()
        return named / f"{self._usual}{ending}" if named.is_dir() else named
