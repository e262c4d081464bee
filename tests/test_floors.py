"""The floors of ARCHITECTURE.md as a table: who may import whom, proved on sources that break it."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# floor: (lower floors of nnviz that it may import, packages from outside that it may import)
FLOORS: dict[str, tuple[set[str], set[str]]] = {
    "spec": (set(), set()),
    "records": ({"spec"}, {"numpy"}),
    "catalog": ({"spec", "records"}, {"numpy", "sklearn", "torch", "torchvision"}),
    "training": ({"spec", "records", "catalog"}, {"numpy", "torch"}),
    "lessons": ({"spec", "records", "catalog", "training"}, {"numpy", "torch"}),
    "run": ({"spec", "records", "catalog", "training"}, {"numpy"}),
    "charts": ({"spec", "records"}, {"numpy", "plotly"}),
    "ui": (
        {"spec", "records", "catalog", "training", "lessons", "run", "charts"},
        {"numpy", "streamlit"},
    ),
    "pages": ({"spec", "records", "catalog", "training", "lessons", "run", "charts", "ui"}, {"numpy", "streamlit"}),
}
SAME_FLOOR = dict.fromkeys(
    ("clock", "engine", "history", "lane", "pool", "search", "budget", "crew"), "run"
)  # run, split by theme
SAME_FLOOR |= {"race": "spec", "descent": "spec", "lesson": "spec", "trails": "records", "findings": "records"}
SAME_FLOOR["sights"] = "records"
# The one look up: the names that exist are the catalogue's to tell, and only a link asks for them.
LOOKS_UP = {("spec", "from_query", f"nnviz.catalog.{name}") for name in ("check_spec", "check_race", "check_descent")}


def floor_of(path: Path) -> str:
    """Name the floor of a file by its path in the repository."""
    if path.parts[0] in ("app.py", "pages"):
        return "pages"
    if path == Path("nnviz/__init__.py"):
        return "package"
    module = path.with_suffix("").parts[1]
    return SAME_FLOOR.get(module, module)


def imports_of(path: Path, source: str) -> Iterator[tuple[str, str]]:
    """Give every import as (innermost function or "", full dotted name), wherever it stands in the file."""

    def visit(node: ast.AST, function: str) -> Iterator[tuple[str, str]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import):
                yield from ((function, alias.name) for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                base = list(path.parent.parts[: len(path.parent.parts) - child.level + 1]) if child.level else []
                module = ".".join([*base, *([child.module] if child.module else [])])
                yield from ((function, f"{module}.{alias.name}") for alias in child.names)
            is_function = isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef))
            yield from visit(child, getattr(child, "name", "") if is_function else function)

    yield from visit(ast.parse(source), "")


def breaches(path: Path, source: str) -> list[str]:
    """Say in a sentence each what a file imports that its floor may not."""
    floor = floor_of(path)
    lower, outside = FLOORS.get(floor, (set(), set()))
    found = [] if floor in FLOORS or floor == "package" else [f"{path} belongs to no floor"]
    for function, name in imports_of(path, source):
        package, target = (*name.split("."), "")[:2]
        is_own = package == "nnviz" and SAME_FLOOR.get(target, target) in {*lower, floor}
        is_outside = package in sys.stdlib_module_names | outside
        if not is_own and not is_outside and (floor, function, name) not in LOOKS_UP:
            found.append(f"{path} ({floor}) imports {name}")
    return found


def sources() -> list[Path]:
    """List the app's own files, relative to the repository."""
    files = [*ROOT.glob("app.py"), *ROOT.glob("pages/*.py"), *ROOT.glob("nnviz/**/*.py")]
    return sorted(file.relative_to(ROOT) for file in files)


@pytest.mark.parametrize("path", sources(), ids=str)
def test_a_module_imports_its_own_floor_and_lower_ones_only(path: Path) -> None:
    assert breaches(path, (ROOT / path).read_text(encoding="utf-8")) == []


def test_every_floor_has_a_file() -> None:
    assert {floor_of(path) for path in sources()} - {"package"} == set(FLOORS)


BAD = {
    "spec looks up": ("nnviz/spec.py", "from nnviz.records import Record"),
    "spec looks up outside from_query": ("nnviz/spec.py", "def other():\n    from nnviz.catalog import check_spec"),
    "spec looks up at import": ("nnviz/spec.py", "from nnviz.catalog import check_spec"),
    "from_query looks up for more": ("nnviz/spec.py", "def from_query():\n    from nnviz.catalog import OPTIMIZERS"),
    "spec knows numpy": ("nnviz/spec.py", "import numpy"),
    "records know torch": ("nnviz/records.py", "import torch"),
    "the catalogue knows streamlit": ("nnviz/catalog/models.py", "import streamlit as st"),
    "the catalogue looks up": ("nnviz/catalog/models.py", "import nnviz.training.loop"),
    "training knows plotly": ("nnviz/training/loop.py", "from plotly import graph_objects"),
    "training looks up": ("nnviz/training/loop.py", "from nnviz import run"),
    "training looks up by a relative import": ("nnviz/training/loop.py", "from ..run import Run"),
    "run knows charts": ("nnviz/run.py", "from nnviz.charts import CHARTS"),
    "run knows torch": ("nnviz/run.py", "def f():\n    import torch.nn"),
    "charts know run": ("nnviz/charts/loss.py", "from nnviz.run import Run"),
    "charts know a part of run": ("nnviz/charts/loss.py", "import nnviz.pool"),
    "a part of run knows torch": ("nnviz/pool.py", "import torch"),
    "charts know torch": ("nnviz/charts/loss.py", "if True:\n    import torch"),
    "charts know what knows torch": ("nnviz/charts/loss.py", "from nnviz.catalog import LOSSES"),
    "ui knows torch": ("nnviz/ui/board.py", "class A:\n    def f(self):\n        import torch"),
    "ui knows a page": ("nnviz/ui/board.py", "import pages"),
    "a page knows torch": ("pages/1_Train.py", "import torch"),
    "a page knows plotly": ("pages/1_Train.py", "import plotly.graph_objects as go"),
    "home knows torch": ("app.py", "from torch import nn"),
    "a module without a floor": ("nnviz/utils.py", ""),
    "the package's front door pulls in torch": ("nnviz/__init__.py", "from nnviz.training import train"),
}


@pytest.mark.parametrize(("path", "source"), BAD.values(), ids=list(BAD))
def test_the_check_sees_what_breaks_the_table(path: str, source: str) -> None:
    assert len(breaches(Path(path), source)) == 1


GOOD = {
    "spec asks the catalogue in from_query": (
        "nnviz/spec.py",
        "def from_query():\n    from nnviz.catalog import check_spec",
    ),
    "its own folder": ("nnviz/catalog/models.py", "from nnviz.catalog.entry import Entry\nfrom . import data"),
    "a floor skipped": ("nnviz/ui/board.py", "from nnviz.records import Snapshot"),
    "the standard library": ("nnviz/run.py", "import threading, collections.abc"),
    "a page's own needs": ("pages/1_Train.py", "import streamlit as st\nfrom nnviz.ui import shell"),
}


@pytest.mark.parametrize(("path", "source"), GOOD.values(), ids=list(GOOD))
def test_the_check_lets_pass_what_the_table_allows(path: str, source: str) -> None:
    assert breaches(Path(path), source) == []


@pytest.mark.parametrize("module", ["nnviz", "nnviz.spec", "nnviz.records", "nnviz.charts"])
def test_the_floors_without_torch_load_without_it(module: str) -> None:
    code = f"import sys, {module}; print(*{{'torch', 'streamlit'}} & set(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == ""
