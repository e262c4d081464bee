"""The app on a machine that is set up otherwise than the usual one, in a real browser."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from nnviz.ui.board.serving import PLANE, address
from tests.browser.conftest import ARTEFACTS, _serve
from tests.browser.server import FRESH, ROOT, AppServer
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
expect.set_options(timeout=60_000)

MOONS = {"dataset": "moons", "epochs": "0"}
ODD = {
    "NNVIZ_MAX_LIVE": "0", "NNVIZ_PATIENCE": "60s", "STREAMLIT_SERVER_ENABLE_XSRF_PROTECTION": "false",
    "NNVIZ_DATA": "", "XDG_CACHE_HOME": "", "HOME": "/",
}  # fmt: skip
# A user whom the machine does not know, who may read all and write nothing but temporary files.
NAMELESS = (
    "setpriv", "--reuid=12345", "--regid=12345", "--clear-groups",
    "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search",
)  # fmt: skip


def nameless() -> tuple[str, ...]:
    """Give the command that starts another one as the nameless user, where this machine lets us."""
    if shutil.which("setpriv") and subprocess.run([*NAMELESS, "true"], capture_output=True).returncode == 0:
        return NAMELESS
    return ()


@pytest.fixture(scope="module")
def odd_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """Start a copy of the app that cannot be written, without a home, a cookie and settings that make sense."""
    folder = tmp_path_factory.mktemp("odd")
    for name in ("nnviz", "pages", "static", ".streamlit"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "app.py", folder)
    places = [folder, *folder.rglob("*")]
    for place in places:
        place.chmod(0o555 if place.is_dir() else 0o444)
    logs = tmp_path_factory.mktemp("odd_log")
    yield from _serve(logs, nameless() or FRESH, script=str(folder / "app.py"), **ODD)
    for place in places:
        place.chmod(0o755)  # so that it can be taken away


def test_without_the_cookie_a_run_is_steered_by_whoever_has_its_link(browser: Browser, odd_server: AppServer) -> None:
    first = Visitor(browser, odd_server.url)
    first.open_train(**MOONS)
    first.press("Play")
    first.wait_for_step(20)
    first.page.reload()
    first.wait_for_step(20)
    expect(first.button("Pause")).to_be_enabled()
    expect(first.page.get_by_text("Whoever has this page's link can steer this run")).to_be_visible()
    second = Visitor(browser, odd_server.url)
    second.page.goto(first.page.url)
    second.press("Pause")
    first.wait_for_status("Paused")
    assert "NNVIZ_MAX_LIVE is '0', but must be a whole number from 1" in odd_server.tail()
    assert "NNVIZ_PATIENCE is '60s', but must be a number of seconds from 1" in odd_server.tail()
    for visitor in (first, second):
        visitor.leave(ARTEFACTS / "odd.png")


@pytest.mark.skipif(
    os.getuid() == 0 and not nameless(), reason="root writes everywhere, and setpriv cannot change that"
)
def test_where_nothing_can_be_written_charts_and_the_lab_work_and_data_go_to_a_temporary_folder(
    browser: Browser, odd_server: AppServer
) -> None:
    visitor = Visitor(browser, odd_server.url)
    visitor.open("/Lab")  # all that is drawn needs the plot library, which cannot be copied
    assert not list(Path(odd_server.script).parent.glob("static/plotly*"))
    expect(visitor.page.get_by_text("the lab uses the small digits that come with it")).to_be_visible()
    visitor.press("Play")
    visitor.wait_for_charts()
    visitor.page.goto(f"{odd_server.url}/Train?dataset=mnist")
    expect(visitor.page.get_by_text("No other folder can be written, so")).to_be_visible()
    visitor.press("Download")
    expect(visitor.page.get_by_text("its server does not answer")).to_be_visible()  # and not: cannot be kept
    visitor.leave(ARTEFACTS / "written_nowhere.png")


def test_a_server_loads_at_its_start_and_tells_what_is_in_the_way_and_ends_in_order(
    browser: Browser, tmp_path: Path
) -> None:
    (tmp_path / "torch").mkdir()
    (tmp_path / "torch" / "__init__.py").write_text("raise ImportError('DLL load failed: get vc_redist')")
    server = AppServer(tmp_path, start_as=FRESH, PYTHONPATH=str(tmp_path))
    try:
        server.wait_until_healthy()
        server.wait_until_gone("nnviz-loading")  # nobody has come yet
        assert "nnviz cannot start: ImportError: DLL load failed: get vc_redist" in server.log.read_text()
        visitor = Visitor(browser, server.url)
        visitor.page.goto(f"{server.url}/Lab")
        expect(visitor.page.get_by_text("ImportError: DLL load failed: get vc_redist")).to_be_visible()
        expect(visitor.page.get_by_role("link", name="Home").first).to_be_visible()
        visitor.leave(ARTEFACTS / "no_torch.png")
        assert server.interrupt() == 0
    finally:
        server.kill()


@contextmanager
def lazy_reader(server: AppServer, path: str) -> Iterator[None]:
    """Ask for a file again and again, and read nothing of what comes."""
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.connect(("127.0.0.1", int(server.url.rpartition(":")[2])))
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode() * 20)
        line.recv(1)
        yield


def test_a_server_that_is_ended_while_it_loads_and_while_a_browser_holds_its_line_ends_in_order(tmp_path: Path) -> None:
    server = AppServer(tmp_path, start_as=FRESH)
    try:
        server.wait_until_healthy()
        with lazy_reader(server, f"/{address(PLANE)}"):
            assert server.interrupt(60) == 0
        assert "Traceback" not in server.log.read_text()
    finally:
        server.kill()
