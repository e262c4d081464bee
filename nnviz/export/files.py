"""What a saved run can be taken away as from a page: one file each, several of them in an archive."""

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from nnviz.export.course import course
from nnviz.export.kept import KeptRun, examples_of
from nnviz.export.notebook import notebook
from nnviz.export.script import script
from nnviz.export.settings import settings_json
from nnviz.export.subject import Length
from nnviz.export.tables import curves_csv
from nnviz.export.tensorboard import write_events
from nnviz.export.weights import save_weights
from nnviz.library.lanes import lane_of
from nnviz.library.saved import Saved
from nnviz.specs.branches import BRANCHES
from nnviz.specs.planned import Planned

Parts = Mapping[str, bytes]  # by the names of files


def courses(run: KeptRun) -> Iterable[tuple[Planned, Length]]:
    """Return the plan of each lane as it went, and how far."""
    for kept in run.lanes:
        yield course(lane_of(kept), kept.start.pending if kept.start else (), examples_of(kept))


def _code(ending: str, write: Callable[[Planned, Length], str], run: KeptRun) -> Parts:
    texts = [write(*each) for each in courses(run)]
    return {f"{name}{ending}": text.encode() for name, text in zip(run.names, texts, strict=True)}


def _text(name: str, write: Callable[[KeptRun], str], run: KeptRun) -> Parts:
    return {name: write(run).encode()}


def curves(run: KeptRun) -> str:
    """Write every kept loss and accuracy of a run as CSV."""
    return curves_csv(run.snapshot, examples_of(run.lanes[0]))


def settings(run: KeptRun) -> str:
    """Write the settings of a run, or of one of its lanes as it went."""
    return settings_json(run, next(iter(courses(run)))[0] if run.others else None)


def _weights(run: KeptRun) -> Parts:
    with TemporaryDirectory() as place:
        files = {f"{name}.safetensors": lane for name, lane in zip(run.names, run.lanes, strict=True)}
        for name, lane in files.items():
            save_weights(lane, Path(place) / name)
        return {name: (Path(place) / name).read_bytes() for name in files}


def _events(run: KeptRun) -> Parts:
    with TemporaryDirectory() as place:
        write_events(run, Path(place))
        return {str(each.relative_to(place)): each.read_bytes() for each in Path(place).rglob("*") if each.is_file()}


FILES: Mapping[str, Callable[[KeptRun], Parts]] = {
    "script": partial(_code, ".py", script),
    "notebook": partial(_code, ".ipynb", notebook),
    "csv": partial(_text, "curves.csv", curves),
    "state": _weights,
    "tensorboard": _events,
    "json": partial(_text, "settings.json", settings),
}


OF_EACH = ("script", "notebook", "state")  # a file for each network


def is_of_several(saved: Saved) -> bool:
    """Tell whether a run trains several networks."""
    return saved.kind == "race" or bool(saved.query.get("beside") or saved.query.get(BRANCHES))


def download(run: KeptRun, what: str) -> bytes:
    """Write a run as one of `FILES`; what needs several files, or a folder, comes as an archive."""
    parts = FILES[what](run)
    is_alone = bool(run.others) or not is_of_several(run.saved)
    if len(parts) == 1 and what != "tensorboard" and (is_alone or what not in OF_EACH):
        ((_, data),) = parts.items()
        return data
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return packed.getvalue()
