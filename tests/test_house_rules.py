"""The house rules that a machine can read, each proved on something that breaks it."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MODULE_LINES = 300
FUNCTION_LINES = 40
TEXT = {".py", ".js", ".css", ".md", ".toml", ".txt", ".sh", ""}


@cache
def tracked() -> list[Path]:
    """List the repository's text files: what git knows or would add, else every file that is not hidden."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        found = (file.relative_to(ROOT) for file in ROOT.rglob("*") if file.is_file())
        listed = [str(file) for file in found if not file.parts[0].startswith(".")]
    return sorted(ROOT / name for name in listed if Path(name).suffix in TEXT and (ROOT / name).is_file())


def modules() -> list[Path]:
    """List the app's own modules."""
    return [path for path in tracked() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] != "tests"]


@cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def long_functions(source: str) -> list[str]:
    """Name every function of more than FUNCTION_LINES lines."""
    functions = [
        node for node in ast.walk(ast.parse(source)) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]
    return [node.name for node in functions if (node.end_lineno or 0) - node.lineno >= FUNCTION_LINES]


MUTABLE_CALLS = {
    "list",
    "dict",
    "set",
    "defaultdict",
    "deque",
    "Lock",
    "RLock",
    "Event",
    "Queue",
    "Thread",
    "Generator",
}


def is_kept(name: str, value: ast.expr | None) -> bool:
    """Tell whether a module's name holds something that can change; a literal spelled as a constant is a menu."""
    if isinstance(value, ast.Call):
        function = value.func.attr if isinstance(value.func, ast.Attribute) else getattr(value.func, "id", "")
        return function in MUTABLE_CALLS
    is_display = isinstance(value, (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp))
    return is_display and not name.isupper() and name != "__all__"


def module_state(source: str) -> list[str]:
    """Name what a module keeps that can change, and every `global`."""
    tree = ast.parse(source)
    return [*_state_of(tree)]


def _state_of(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [target.id for target in targets if isinstance(target, ast.Name)]
            yield from (name for name in names if is_kept(name, node.value))
    yield from (f"global {name}" for node in ast.walk(tree) if isinstance(node, ast.Global) for name in node.names)


# Put together here so that this file does not break its own rule.
PLACES = re.compile(
    "|".join(["/" + "work/", "/" + "root/", "/" + "home/[a-z]", "/" + "Users/[a-z]", r"\.\./" + "shared"])
)
HOSTS = re.compile(
    "|".join([r"pypi\." + "org", r"pythonhosted\." + "org", r"npmjs\." + "(org|com)", r"download\.py" + "torch"])
)


def broken(rule: Callable[[str], Sequence[object]], paths: Iterable[Path]) -> dict[str, list[object]]:
    """Name every file that breaks a rule, with what breaks it."""
    found = {name_of(path): [*rule(text_of(path))] for path in paths}
    return {name: wrong for name, wrong in found.items() if wrong}


def lines_too_many(source: str) -> list[int]:
    count = len(source.splitlines())
    return [count] * (count > MODULE_LINES)


def test_every_module_is_short() -> None:
    assert len(modules()) > 100
    assert broken(lines_too_many, modules()) == {}


def test_every_function_is_short() -> None:
    assert broken(long_functions, modules()) == {}


def test_a_long_function_is_seen() -> None:
    body = "\n    x = 1"
    assert long_functions("def short():" + body * (FUNCTION_LINES - 1)) == []
    assert long_functions("class A:\n  def long(self):" + body * FUNCTION_LINES) == ["long"]


def test_no_module_keeps_what_changes() -> None:
    lasting = [path for path in modules() if "benchmarks" not in path.parts]
    assert len(lasting) > 100
    assert broken(module_state, lasting) == {}


@pytest.mark.parametrize(
    "source",
    [
        "runs = []",
        "runs: dict[str, int] = {}",
        "LOCK = threading.Lock()",
        "CACHE = dict()",
        "def f():\n    global runs",
    ],
)
def test_state_kept_by_a_module_is_seen(source: str) -> None:
    assert len(module_state(source)) == 1


def test_a_menu_is_no_state() -> None:
    assert list(module_state("MENUS: dict[str, int] = {'a': 1}\n__all__ = ['f']\ndef f():\n    runs = []")) == []


def places_and_hosts(text: str) -> list[str]:
    return [found[0] for rule in (PLACES, HOSTS) for found in rule.finditer(text)]


def test_no_file_names_a_machine_or_a_registry() -> None:
    assert len(tracked()) > 100
    assert broken(places_and_hosts, tracked()) == {}


@pytest.mark.parametrize("text", ["cd /" + "work/main", "/" + "home/ann/x", "https://pypi." + "org/simple"])
def test_a_machine_or_registry_is_seen(text: str) -> None:
    assert len(places_and_hosts(text)) == 1


def requirements() -> list[str]:
    """List the names in both requirement files."""
    lines = (ROOT / "requirements.txt").read_text().splitlines() + (
        ROOT / "requirements-dev.txt"
    ).read_text().splitlines()
    return [re.split(r"[<>=~!\[; ]", line)[0] for line in lines if line and not line.startswith("#")]


def is_explained(name: str, rows: Iterable[str]) -> bool:
    return any(row.startswith("|") and re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", row) for row in rows)


def test_every_dependency_says_why_it_is_there() -> None:
    rows = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").splitlines()
    assert len(requirements()) > 10
    assert [name for name in requirements() if not is_explained(name, rows)] == []


DOCUMENTS = ("ARCHITECTURE.md", "CONTRIBUTING.md", "README.md", "docs/decisions.md")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_what_a_document_points_at_is_there(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    files = re.findall(r"`((?:nnviz|pages|scripts|tests|static|docs)/[\w/.]*)`", text)
    assert [file for file in files if not (ROOT / file).exists()] == []
    pointed = re.findall(r"`([\w.]+)` in `(nnviz/[\w/]+\.py)`", text)
    missing = [
        (name, file)
        for name, file in pointed
        if not re.search(
            rf"^\s*((async )?def |class )?{name.rpartition('.')[2]}\b", (ROOT / file).read_text("utf-8"), re.MULTILINE
        )
    ]
    assert missing == []
    assert document != "ARCHITECTURE.md" or len(pointed) > 3


def test_the_changelog_keeps_its_form() -> None:
    lines = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
    versions = [line for line in lines if line.startswith("## ")]
    kinds = {line for line in lines if line.startswith("### ")}
    assert lines[0] == "# Changelog"
    assert versions[0] == "## [Unreleased]"
    assert all(re.fullmatch(r"## \[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d", line) for line in versions[1:])
    assert kinds <= {f"### {kind}" for kind in ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")}


def test_streamlit_runs_one_script_of_a_page_at_a_time_and_does_nothing_else_per_refresh() -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["runner"]["postScriptGC"] is False
    assert config["runner"]["fastReruns"] is False
    assert config["global"]["minCachedMessageSize"] > 1e6 * config["server"]["maxMessageSize"]
    assert config["server"]["fileWatcherType"] == "none"


def test_no_part_of_a_page_has_streamlit_s_timer_which_sends_clicks_twice() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "nnviz").rglob("*.py")]
    assert [line for source in sources for line in source.splitlines() if "run_every=" in line] == []


def test_no_style_sheet_asks_what_an_element_holds_for_browsers_ask_it_anew_with_every_stroke_of_a_chart() -> None:
    sheets = [*(ROOT / "static").glob("*.css"), *(ROOT / "nnviz" / "ui").rglob("*.py")]
    asked = [line for path in sheets for line in path.read_text(encoding="utf-8").splitlines() if ":has(" in line]
    assert len(sheets) > 50
    assert asked == []
