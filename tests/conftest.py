"""What all tests share: a machine of their own, one torch thread, and the real data where it lies."""

import gc
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from hypothesis import HealthCheck, settings
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.state import SafeSessionState

ROOT = Path(__file__).resolve().parent.parent
_NAMED_DATA = os.environ.get("NNVIZ_DATA")  # read before `own_machine` hides it

os.environ["OMP_NUM_THREADS"] = "1"  # before torch is imported: tiny networks are slower on two threads

gc.disable()  # until all tests are found: what their files import stays to the end

from nnviz.ui.registry import registry  # noqa: E402

# The same examples everywhere, and none fails for being slow.
settings.register_profile(
    "nnviz", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("nnviz")


@pytest.fixture(scope="session", autouse=True)
def own_machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep every test off the person's own cache folder and off the network."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        patch.delenv("NNVIZ_DATA", raising=False)
        for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
            patch.setenv(name, "http://127.0.0.1:9")  # the discard port: whoever goes out fails at once
        for name in ("no_proxy", "NO_PROXY"):
            patch.setenv(name, "127.0.0.1,localhost")
        yield


def real_data() -> Path | None:
    """Find the folder of the real MNIST and Fashion-MNIST: NNVIZ_DATA, or shared/data beside the repository."""
    named = _NAMED_DATA or str(ROOT.parent / "shared" / "data")
    return Path(named) if (Path(named) / "MNIST" / "raw").is_dir() else None


@pytest.fixture
def data_folder(monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point NNVIZ_DATA at the real data, or skip the test saying where to put it."""
    folder = real_data()
    if folder is None:
        pytest.skip("no MNIST here: set NNVIZ_DATA to a folder with MNIST/raw")
    monkeypatch.setenv("NNVIZ_DATA", str(folder))
    return folder


@pytest.fixture(scope="session", autouse=True)
def components_are_looked_for_once() -> Iterator[None]:
    """Let Streamlit read what every installed package says of itself but once, not at every page that is opened."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


class OneByOne(Mapping[str, Any]):
    """What a tab's session holds, looked up by name; all of it is put together only for who goes through it."""

    def __init__(self, session: SafeSessionState) -> None:
        self._state = session._state

    def __getitem__(self, key: str) -> Any:
        return self._state[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._state.filtered_state)

    def __len__(self) -> int:
        return len(self._state.filtered_state)


@pytest.fixture(scope="session", autouse=True)
def a_menu_looks_up_its_own_value_alone() -> Iterator[None]:
    """Spare every menu and field that is drawn Streamlit's copy of all values of the tab, of which it reads its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SafeSessionState, "filtered_state", property(OneByOne))
        yield


@pytest.fixture
def own_registry() -> Iterator[None]:
    """Close what a test of pages has opened."""
    yield
    registry().close()
    st.cache_resource.clear()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--monkey-seeds", type=int, default=1, help="how many seeds play with each page")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give each page that is played with its seeds: usually one here, for another hand plays in a real browser."""
    if "monkey_seed" in metafunc.fixturenames:
        metafunc.parametrize("monkey_seed", range(metafunc.config.getoption("--monkey-seeds")))


# Journeys that take longest, by file: a minute and more in all.
LONGEST = ("test_access", "test_access_opened", "test_server_life", "test_export_page", "test_runs_page",
           "test_train_page", "test_race_page", "test_monkey_browser", "test_past_page",
           "test_board_browser")  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Spread the journeys in the browser, the longest first, evenly among all other files.

    A journey waits for half of its time and leaves a processor to tests that compute: among one another journeys would
    all wait at once. The longest come first, so that no worker is left alone with one at the end; files of many short
    tests come last of them, since a worker takes further files as long as it has less than three tests.

    A journey that failed is made once more, and the summary says so; a traceback of the server stands.
    """
    sizes = Counter(item.path for item in items)
    journeys = {item.path for item in items if item.get_closest_marker("browser")}
    ranks = {name: rank for rank, name in enumerate(LONGEST)}
    order = sorted(journeys, key=lambda path: (ranks.get(path.stem, len(ranks)), sizes[path], path))
    others = [path for path in sizes if path not in journeys]
    places = {path: place / len(order) for place, path in enumerate(order)}
    places |= {path: place / len(others) for place, path in enumerate(others)}
    items.sort(key=lambda item: places[item.path])  # keeps the order within a file
    for item in items:
        if item.path in journeys:
            item.add_marker(pytest.mark.flaky(reruns=1, rerun_except=["Traceback"]))


def pytest_collection_finish() -> None:
    """Spare every collection of garbage from now on the walk through all that was imported."""
    gc.freeze()
    gc.enable()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say why a journey had to be made once more."""
    for report in terminalreporter.stats.get("rerun", []):
        terminalreporter.write_sep("_", f"first try of {report.nodeid}")
        lines = report.longreprtext.splitlines()
        told = [line for line in lines[:-12] if line.startswith((">", "tests/"))]  # where the journey stood
        terminalreporter.write_line("\n".join(told + lines[-12:]))
