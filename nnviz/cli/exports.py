"""What a saved run can be taken away as: a function each, from the run and a destination to what is told of it."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from nnviz.cli.destination import Destination
from nnviz.export.files import courses, curves, settings
from nnviz.export.kept import KeptRun
from nnviz.export.notebook import notebook
from nnviz.export.script import script
from nnviz.export.subject import Length
from nnviz.export.tensorboard import write_events
from nnviz.export.weights import loading_line, save_weights
from nnviz.library.library import Library
from nnviz.library.saved import Saved
from nnviz.specs.planned import Planned
from nnviz.words.cli import TOLD

Export = Callable[[KeptRun, Destination], Iterator[str]]


def _text(ending: str, write: Callable[[KeptRun], str], run: KeptRun, to: Destination) -> Iterator[str]:
    """Write one file of text, or to the standard output."""
    file = to.write(ending, write(run))
    if file is not None:
        yield TOLD["written"].format(file=file)


def _code(ending: str, write: Callable[[Planned, Length], str], run: KeptRun, to: Destination) -> Iterator[str]:
    """Write the code of each network: of one by itself, of several into a folder."""
    found = [write(*each) for each in courses(run)]
    if len(found) == 1:
        yield from _text(ending, lambda _: found[0], run, to)
        return
    folder = to.folder("-code")
    for name, text in zip(run.names, found, strict=True):
        (folder / f"{name}{ending}").write_text(text, encoding="utf-8")
        yield TOLD["written"].format(file=folder / f"{name}{ending}")


def _tensorboard(run: KeptRun, to: Destination) -> Iterator[str]:
    folder = to.folder("-tensorboard")
    write_events(run, folder)
    yield TOLD["written"].format(file=folder)
    yield TOLD["board"].format(line=f"tensorboard --logdir {folder}")


def _state(run: KeptRun, to: Destination) -> Iterator[str]:
    """Write a file for each network: one by itself, several into a folder."""
    if len(run.lanes) == 1:
        files = [to.file(".safetensors")]
    else:
        folder = to.folder("-state")
        files = [folder / f"{name}.safetensors" for name in run.names]
    for lane, file in zip(run.lanes, files, strict=True):
        save_weights(lane, file)
        yield TOLD["written"].format(file=file)
    yield TOLD["load"].format(line=loading_line(files[0]))


EXPORTS: Mapping[str, Export] = {
    "script": partial(_code, ".py", script),
    "notebook": partial(_code, ".ipynb", notebook),
    "csv": partial(_text, ".csv", curves),
    "tensorboard": _tensorboard,
    "state": _state,
    "json": partial(_text, ".json", settings),
}


def export(what: str, saved: Saved, place: Path, to: Destination, lane: str | None) -> Iterator[str]:
    """Write a run of a folder as one of them, and tell what has been written; ValueError where the run is torn.

    lane: of several networks the one to write, if not all of them.
    """
    run = KeptRun.of(Library(place), saved)
    return EXPORTS[what](run if lane is None else run.only(lane), to)
