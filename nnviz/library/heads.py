"""What a folder of runs can be asked without opening a run: small files of JSON, written in one piece."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nnviz.library.saved import Saved
from nnviz.words import errors
from nnviz.words.language import message

HEAD = "run.json"


def read_head(folder: Path) -> Saved:
    """Read what is told of a run; ValueError where it cannot be read."""
    return Saved.of(read_json(folder / HEAD))


def read_json(file: Path) -> dict[str, Any]:
    """Read a JSON object; ValueError where there is none."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ValueError(message(errors.LIBRARY["torn"], reason=type(error).__name__)) from None
    if not isinstance(found, dict):
        raise ValueError(message(errors.LIBRARY["torn"], reason=file.name))
    return dict(found)


def write_json(file: Path, written: Mapping[str, Any]) -> None:
    """Put a file in the place of another one at once."""
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    # Python would spell an indented text out itself, which takes long.
    lines = [f" {json.dumps(name)}: {json.dumps(part, allow_nan=False)}" for name, part in written.items()]
    draft.write_text("{\n" + ",\n".join(lines) + "\n}", encoding="utf-8")
    sync(draft)
    draft.replace(file)


def sync(file: Path) -> None:
    """Have a file on the disk, whatever happens next."""
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())


def size_of(folder: Path) -> int:
    """Count a folder's bytes; what goes away meanwhile is nothing."""
    total = 0
    for file in folder.rglob("*"):
        try:
            total += file.stat().st_size if file.is_file() else 0
        except OSError:
            continue
    return total
