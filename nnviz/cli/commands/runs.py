"""`runs`: the saved runs of a folder."""

import json
import sys
from argparse import Namespace
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from nnviz.cli.pages import PAGES, link_of
from nnviz.cli.place import shelf_of
from nnviz.cli.status import ExitStatus
from nnviz.cli.table import draw_table
from nnviz.library.saved import Saved
from nnviz.library.shelf import Shelf
from nnviz.library.told import settings_told
from nnviz.words.cli import LISTED, TOLD

_NUMBERS, _FOLDED = ("step", "test_loss", "test_accuracy"), ("name", "what")


def run(options: Namespace) -> int:
    """List them, the newest first."""
    shelf = shelf_of(options.runs)
    saved = shelf.all()
    if options.json:
        sys.stdout.write(json.dumps([as_json(shelf, each) for each in saved], indent=1) + "\n")
    elif saved:
        ids = shortened([each.id for each in saved])
        rows = [_row(shelf, each, name) for each, name in zip(saved, ids, strict=True)]
        numbers, folded = ([LISTED[name] for name in names] for names in (_NUMBERS, _FOLDED))
        draw_table([LISTED[name] for name in LISTED], rows, numbers=numbers, folded=folded)
    else:
        sys.stdout.write(TOLD["none"].format(place=shelf.place) + "\n")
    return ExitStatus.DONE


def as_json(shelf: Shelf, saved: Saved) -> dict[str, Any]:
    """Return all that is told of a run, what was written on it, and its link."""
    label = shelf.label(saved.id)
    written = {"name": label.name, "note": label.note, "is_pinned": label.is_pinned}
    return {**saved.to_json(), **written, "link": link_of(saved)}


def what_of(saved: Saved) -> str:
    """Name a run's data, network and optimizers in a few words."""
    return settings_told(saved.kind, saved.query, saved.words)


def shortened(ids: Sequence[str]) -> list[str]:
    """Cut ids before their dots where that leaves them unlike all others, and not like an option."""
    starts = [each.partition(".")[0] for each in ids]
    is_enough = [starts.count(start) == 1 and not start.startswith("-") for start in starts]
    return [start if enough else each for each, start, enough in zip(ids, starts, is_enough, strict=True)]


def moment(written: str) -> str:
    """Write a moment in this machine's time."""
    return f"{datetime.fromisoformat(written).astimezone():%Y-%m-%d %H:%M}"


def _row(shelf: Shelf, saved: Saved, name: str) -> Sequence[str]:
    loss, accuracy = saved.figures.get("test_loss"), saved.figures.get("test_accuracy")
    return (
        name, shelf.label(saved.id).name, PAGES.get(saved.kind, saved.kind), what_of(saved), moment(saved.saved),
        f"{saved.step:,}", "" if loss is None else f"{loss:.4g}", "" if accuracy is None else f"{accuracy:.1%}",
        saved.status,
    )  # fmt: skip
