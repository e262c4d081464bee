"""A real server and a real Chromium for the journeys, which all files of a worker share."""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from playwright.sync_api import Browser, Error, Page, expect, sync_playwright

from nnviz.ui.board.serving import address
from tests.browser.server import ROOT, AppServer
from tests.browser.visitor import PATIENCE_MS, Visitor, lend, open_pages
from tests.conftest import real_data

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Pages live for seconds: what the last optimizers of scripts and many small collections of garbage cost never pays.
    "--js-flags=--no-turbofan --no-maglev --min-semi-space-size=16",
]
# What servers train and draw with: several browsers need the processors as well.
CALM = {"NNVIZ_SHARE": "0.3", "NNVIZ_HZ": "2"}
ARTEFACTS = ROOT / "artefacts"
expect.set_options(timeout=PATIENCE_MS)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pictures", action="store_true", help="renew the README's pictures in docs/")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take those pictures only when they are asked for: journeys see these pages anyway."""
    asked = config.getoption("--pictures")
    left_out = [] if asked else [item for item in items if item.get_closest_marker("picture")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def chromium() -> str:
    """Find a Chromium, or skip saying so; where CI is set its lack is a failure."""
    named = [path for path in (os.environ.get("NNVIZ_CHROMIUM"), *map(shutil.which, NAMES)) if path]
    if named:
        return named[0]
    sentence = "no Chromium found: install chromium or set NNVIZ_CHROMIUM to its path"
    if os.environ.get("CI"):
        pytest.fail(sentence)
    pytest.skip(sentence)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium without a window, and a second one with a profile on the disk, where compiled scripts are kept."""
    path = chromium()
    with sync_playwright() as playwright, TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        profile = playwright.chromium.launch_persistent_context(folder, executable_path=path, args=ARGUMENTS)
        lend(browser, profile)
        yield browser
        profile.close()
        browser.close()


def _serve(folder: Path, start_as: Sequence[str] = (), **settings: str) -> Iterator[AppServer]:
    server = AppServer(folder, start_as=start_as, **settings)
    try:
        server.wait_until_healthy()
        yield server
        assert b"Traceback" not in server.log.read_bytes()[server.checked :], server.tail()
    finally:
        server.kill()


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """Start the app with the real data where there is some; a run that a test leaves behind falls asleep soon."""
    data = real_data()
    settings = {"NNVIZ_PATIENCE": "2", **CALM, **({"NNVIZ_DATA": str(data)} if data else {})}
    yield from _serve(tmp_path_factory.mktemp("app"), **settings)


@pytest.fixture(autouse=True)
def no_page_stays_open(request: pytest.FixtureRequest) -> Iterator[None]:
    """Close what a journey that failed has left open, for its page would slow all others down; keep pictures of it."""
    if "browser" not in request.fixturenames:
        yield
        return
    browser: Browser = request.getfixturevalue("browser")
    before = open_pages(browser)
    yield
    for page in [page for page in open_pages(browser) if page not in before]:
        with suppress(Error):  # of a page that has crashed there is none
            page.screenshot(path=ARTEFACTS / f"left_{request.node.name.replace('/', '_')}.png", timeout=10_000)
        page.close()


@pytest.fixture(scope="module")
def bare(browser: Browser, shared_server: AppServer) -> Iterator[Page]:
    """Open a file of the board's, so that its neighbours can be imported."""
    opened = browser.new_page()
    opened.goto(f"{shared_server.url}/{address('numbers.js')}")
    yield opened
    opened.close()


@pytest.fixture
def server(shared_server: AppServer) -> Iterator[AppServer]:
    """Lend the app to a test, which must leave its log free of tracebacks."""
    yield shared_server
    before, shared_server.checked = shared_server.checked, shared_server.log.stat().st_size
    assert b"Traceback" not in shared_server.log.read_bytes()[before:], shared_server.tail()


@pytest.fixture(scope="module")
def empty_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """Start an app for the tests of one file that ask for it, with no data on the machine; the last may end it."""
    yield from _serve(tmp_path_factory.mktemp("empty"), NNVIZ_PATIENCE="3", **CALM)


@pytest.fixture
def visitor(browser: Browser, server: AppServer, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    """Open a fresh profile; afterwards a picture is kept and nothing may have gone wrong in the console."""
    visitor = Visitor(browser, server.url)
    yield visitor
    again = ".again" if getattr(request.node, "execution_count", 1) > 1 else ""  # the first try's picture stays
    visitor.leave(ARTEFACTS / f"{request.node.name.replace('/', '_')}{again}.png")
