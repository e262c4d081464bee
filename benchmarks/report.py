"""A benchmark's answer as a Markdown table, and its place in the README."""

import platform
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from os import cpu_count
from pathlib import Path
from statistics import median

import torch

README = Path(__file__).with_name("README.md")


@dataclass(slots=True)
class Report:
    """A table with a heading and remarks; `str` gives Markdown."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, *cells: str) -> None:
        """Add a row; one cell for each column."""
        if len(cells) != len(self.columns):
            raise ValueError(f"a row of {len(cells)} cells does not fit {len(self.columns)} columns")
        self.rows.append(cells)

    def __str__(self) -> str:
        rule = tuple("---" for _ in self.columns)
        table = "\n".join("| " + " | ".join(row) + " |" for row in (self.columns, rule, *self.rows))
        return "\n\n".join([f"### {self.title}", table, *self.notes])


def machine() -> str:
    """Name what the numbers depend on: cores, versions, day."""
    today = datetime.now(UTC).date()
    return f"{cpu_count()} cores, shared · Python {platform.python_version()} · torch {torch.__version__} · {today}"


def middle(values: Sequence[float], form: str = "{:.2f}") -> str:
    """Write the median with the least and the largest value."""
    low, mid, high = (form.format(value) for value in (min(values), median(values), max(values)))
    return f"{mid} ({low} to {high})"


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that a share of all values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def write(name: str, report: Report, readme: Path = README) -> None:
    """Put a report between its two markers in the README; ValueError where they are missing."""
    text = readme.read_text(encoding="utf-8")
    marked = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    if not marked.search(text):
        raise ValueError(f"{readme.name} has no place <!-- {name} --> for these results")
    body = f"{report}\n\n{machine()}\n"
    readme.write_text(marked.sub(lambda found: found[1] + body + found[2], text), encoding="utf-8")
