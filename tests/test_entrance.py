"""The way into the pages: light at first, and with the reason in words where something cannot be loaded."""

import ast
import gc
import importlib
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from nnviz.ui import entrance, loading
from nnviz.ui.shell import PAGES
from nnviz.words import texts

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = ["app.py", *sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("pages/*.py"))]
CURE = "libgomp.so.1: cannot open shared object file: No such file or directory"
VISIT = """
import sys
from streamlit.testing.v1 import AppTest
page = AppTest.from_file("app.py", default_timeout=60)
for script in sys.argv[1:]:
    page.switch_page(script).run()
    print(script, len(page.get("page_link")), [error.value for error in page.error], len(page.exception), sep="|")
"""


def python(code: str, *arguments: str, path: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": path}
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)


def test_pages_import_nothing_heavy_before_their_menus_are_drawn() -> None:
    lines = ["import sys"]
    for script in SCRIPTS:
        tree = ast.parse((ROOT / script).read_text(encoding="utf-8"))
        lines += [ast.unparse(node) for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
        lines += [f"print({script!r}, *{{'torch', 'sklearn', 'pandas'}} & set(sys.modules))"]
    assert python("\n".join(lines)).stdout.splitlines() == SCRIPTS


def test_a_library_that_cannot_be_loaded_is_told_in_its_own_words_on_every_page(tmp_path: Path) -> None:
    (tmp_path / "torch").mkdir()
    (tmp_path / "torch" / "__init__.py").write_text(f"raise OSError({CURE!r})", encoding="utf-8")
    visits = python(VISIT, *SCRIPTS, path=str(tmp_path))
    for script, line in zip(SCRIPTS, visits.stdout.splitlines(), strict=True):
        reason = texts.LOADING["failed"].format(reason=f"OSError: {CURE}")
        assert line == f"{script}|{len(PAGES)}|{[reason]}|0"
    assert visits.stderr.count(f"nnviz cannot start: OSError: {CURE}") == 1


def test_a_page_that_waits_for_pytorch_has_its_menu_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[float] = []

    def wait(seconds: float) -> bool:
        looks.append(seconds)
        if len(looks) > 3:
            st.stop()  # as it is left here, so that it can be looked at
        return False

    monkeypatch.setattr(entrance, "loading", lambda: SimpleNamespace(wait=wait, error=None))
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert len(page.get("page_link")) == len(PAGES)
    assert [info.value for info in page.info] == [texts.LOADING["wait"].format(seconds=2)]
    assert not page.title


@pytest.mark.parametrize("fault", [None, ImportError("no such library")])
def test_no_garbage_is_looked_for_while_pytorch_is_loaded_and_again_afterwards(
    fault: Exception | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    collecting: list[bool] = []

    def load(part: str) -> SimpleNamespace:
        collecting.append(gc.isenabled())
        if fault:
            raise fault
        return SimpleNamespace(registry=lambda: None)

    monkeypatch.setattr(importlib, "import_module", load)
    loaded = loading.Loading()
    assert loaded.wait(20)
    assert loaded.error is fault
    assert collecting == [False] * (1 if fault else len(loading.PARTS))
    assert gc.isenabled()
