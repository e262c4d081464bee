"""The floors of ARCHITECTURE.md as a table: who may import whom, proved on sources that break it."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# room: (rooms further down that it may import, packages from outside that it may import). A lesson's folder has five
# rooms, told by the beginning of a file's name.
FLOORS: dict[str, tuple[set[str], set[str]]] = {
    "words": (set(), set()),
    "specs": ({"words"}, set()),
    "records": ({"words", "specs"}, {"numpy"}),
    "catalog": ({"words", "specs", "records"}, {"numpy", "sklearn", "torch", "torchvision"}),
    "training": ({"words", "specs", "records", "catalog"}, {"numpy", "torch"}),
    "charts": ({"words", "specs", "records"}, {"numpy", "plotly", "graphviz"}),
    "runs": ({"words", "specs", "records", "catalog", "training"}, {"cachetools", "numpy"}),
    "library": (
        {"words", "specs", "records", "catalog", "training", "runs"},
        {"cachetools", "numpy", "platformdirs", "pyarrow", "safetensors", "torch"},
    ),
    "diagnosis": ({"words", "specs", "records"}, {"numpy"}),
    "export": (
        {"words", "specs", "records", "catalog", "training", "runs", "library"},
        {"nbformat", "numpy", "pandas", "safetensors", "tensorboard", "torch"},
    ),
    "lessons.texts": ({"words"}, set()),
    "lessons.results": ({"words", "specs", "records"}, {"numpy"}),
    "lessons.study": (
        {"words", "specs", "records", "catalog", "training", "runs", "lessons.texts", "lessons.results"},
        {"cachetools", "numpy", "torch"},
    ),
    "lessons.figures": (
        {"words", "specs", "records", "charts", "lessons.texts", "lessons.results"},
        {"numpy", "plotly"},
    ),
}
FLOORS["sessions"] = (
    {"diagnosis", "specs", "words", "records", "catalog", "training", "runs", "library"}
    | {"lessons.results", "lessons.study"},
    {"cachetools", "numpy"},
)
FLOORS["ui"] = ({*FLOORS} - {"lessons.figures"}, {"cachetools", "numpy", "pandas", "starlette", "streamlit"})
FLOORS["lessons.page"] = ({*FLOORS}, {"numpy", "streamlit"})
FLOORS["pages"] = ({*FLOORS}, {"numpy", "streamlit"})
FLOORS["cli"] = (
    {"words", "specs", "records", "catalog", "runs", "library", "sessions", "export"},
    {"rich"},
)
FLOORS["__main__"] = ({"cli"}, set())
# A lesson's state is what its study works on.
SAME_FLOOR = {"lessons.state": "lessons.study"}


def room_of(*parts: str) -> str:
    """Name the room of a module by the parts of its name below nnviz."""
    if parts[0] != "lessons" or len(parts) < 3:
        return parts[0]
    room = f"lessons.{parts[2].partition('_')[0]}"
    return SAME_FLOOR.get(room, room)


def floor_of(path: Path) -> str:
    """Name the room of a file by its path in the repository."""
    if path.parts[0] in ("app.py", "pages"):
        return "pages"
    if path.name == "__init__.py" and path.parts[1:2] in (("__init__.py",), ("lessons",)):
        return "package"
    return room_of(*path.with_suffix("").parts[1:])


def imports_of(path: Path, source: str) -> Iterator[str]:
    """Give the full dotted name of every import, wherever it stands in the file."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = list(path.parent.parts[: len(path.parent.parts) - node.level + 1]) if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def breaches(path: Path, source: str) -> list[str]:
    """Say in a sentence each what a file imports that its floor may not."""
    floor = floor_of(path)
    lower, outside = FLOORS.get(floor, (set(), set()))
    found = [] if floor in FLOORS or floor == "package" else [f"{path} belongs to no floor"]
    for name in imports_of(path, source):
        package, *parts = name.split(".")
        is_own = package == "nnviz" and room_of(*parts, "", "") in {*lower, floor}
        is_outside = package in sys.stdlib_module_names | outside
        if not is_own and not is_outside:
            found.append(f"{path} ({floor}) imports {name}")
    return found


def sources() -> list[Path]:
    """List the app's own files, relative to the repository."""
    files = [*ROOT.glob("app.py"), *ROOT.glob("pages/*.py"), *ROOT.glob("nnviz/**/*.py")]
    return sorted(file.relative_to(ROOT) for file in files)


@pytest.mark.parametrize("path", sources(), ids=str)
def test_a_module_imports_its_own_floor_and_lower_ones_only(path: Path) -> None:
    assert breaches(path, (ROOT / path).read_text(encoding="utf-8")) == []


def module_of(path: Path) -> str:
    """Name a file's module."""
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def known(name: str, modules: set[str]) -> str:
    """Name the module that an imported name belongs to, or nothing for a package's own front door."""
    return name if name in modules else name.rpartition(".")[0]


def test_nothing_imports_itself_by_a_way_round() -> None:
    files = {module_of(path): path for path in sources()}
    graph = {
        name: {known(found, set(files)) for found in imports_of(path, (ROOT / path).read_text(encoding="utf-8"))}
        & set(files)
        for name, path in files.items()
    }
    list(TopologicalSorter(graph).static_order())  # raises CycleError, which names the circle


def test_every_floor_has_a_file() -> None:
    assert {floor_of(path) for path in sources()} - {"package"} == set(FLOORS)


BAD = {
    "spec looks up": ("nnviz/specs/experiment.py", "from nnviz.records.run import Record"),
    "spec looks up in a function": (
        "nnviz/specs/experiment.py",
        "def from_query():\n    from nnviz.catalog import check_spec",
    ),
    "spec knows numpy": ("nnviz/specs/experiment.py", "import numpy"),
    "records know torch": ("nnviz/records/run.py", "import torch"),
    "the catalogue knows streamlit": ("nnviz/catalog/models.py", "import streamlit as st"),
    "the catalogue looks up": ("nnviz/catalog/models.py", "import nnviz.training.loop"),
    "training knows plotly": ("nnviz/training/loop.py", "from plotly import graph_objects"),
    "training looks up": ("nnviz/training/loop.py", "from nnviz.runs import run"),
    "training looks up by a relative import": ("nnviz/training/loop.py", "from ..runs.run import Run"),
    "run knows charts": ("nnviz/runs/run.py", "from nnviz.charts import CHARTS"),
    "run knows torch": ("nnviz/runs/run.py", "def f():\n    import torch.nn"),
    "charts know run": ("nnviz/charts/loss.py", "from nnviz.runs.run import Run"),
    "charts know a part of run": ("nnviz/charts/loss.py", "import nnviz.runs.pool"),
    "a part of run knows torch": ("nnviz/runs/pool.py", "import torch"),
    "charts know torch": ("nnviz/charts/loss.py", "if True:\n    import torch"),
    "charts know what knows torch": ("nnviz/charts/loss.py", "from nnviz.catalog import LOSSES"),
    "sessions know streamlit": ("nnviz/sessions/session.py", "import streamlit"),
    "sessions know a screen": ("nnviz/sessions/session.py", "from nnviz.ui import board"),
    "a lesson's figures know what computes": (
        "nnviz/lessons/affine/figures.py",
        "from nnviz.lessons.affine.study import State",
    ),
    "a lesson's study knows its screen": ("nnviz/lessons/lab/study_look.py", "from nnviz.lessons.lab import page"),
    "a lesson's texts know numpy": ("nnviz/lessons/lab/texts.py", "import numpy"),
    "words know the catalogue": ("nnviz/words/models/gan.py", "from nnviz.catalog import MODELS"),
    "words know a spec": ("nnviz/words/models/gan.py", "from nnviz.specs.experiment import Choice"),
    "ui knows a lesson's page": ("nnviz/ui/shell.py", "from nnviz.lessons.lab import page"),
    "ui knows torch": ("nnviz/ui/board/board.py", "class A:\n    def f(self):\n        import torch"),
    "ui knows a page": ("nnviz/ui/board/board.py", "import pages"),
    "a page knows torch": ("pages/1_Train.py", "import torch"),
    "a page knows plotly": ("pages/1_Train.py", "import plotly.graph_objects as go"),
    "home knows torch": ("app.py", "from torch import nn"),
    "the command line knows a screen": ("nnviz/cli/training.py", "from nnviz.ui import link"),
    "the command line knows torch": ("nnviz/cli/training.py", "def f():\n    import torch"),
    "a page knows the command line": ("pages/1_Train.py", "from nnviz.cli.place import find"),
    "what is taken away knows the command line": ("nnviz/export/kept.py", "from nnviz.cli.place import find"),
    "a module without a floor": ("nnviz/utils.py", ""),
    "the package's front door pulls in torch": ("nnviz/__init__.py", "from nnviz.training import train"),
}


@pytest.mark.parametrize(("path", "source"), BAD.values(), ids=list(BAD))
def test_the_check_sees_what_breaks_the_table(path: str, source: str) -> None:
    assert len(breaches(Path(path), source)) == 1


GOOD = {
    "its own folder": ("nnviz/catalog/models.py", "from nnviz.catalog.entry import Entry\nfrom . import data"),
    "a floor skipped": ("nnviz/ui/board/board.py", "from nnviz.records.run import Snapshot"),
    "the standard library": ("nnviz/runs/run.py", "import threading, collections.abc"),
    "a page's own needs": ("pages/1_Train.py", "import streamlit as st\nfrom nnviz.ui import shell"),
}


@pytest.mark.parametrize(("path", "source"), GOOD.values(), ids=list(GOOD))
def test_the_check_lets_pass_what_the_table_allows(path: str, source: str) -> None:
    assert breaches(Path(path), source) == []


@pytest.mark.parametrize(
    "module",
    ["nnviz", "nnviz.specs.experiment", "nnviz.records.run", "nnviz.charts", "nnviz.cli.main", "nnviz.library.shelf"],
)
def test_the_floors_without_torch_load_without_it(module: str) -> None:
    code = f"import sys, {module}; print(*{{'torch', 'streamlit'}} & set(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == ""
