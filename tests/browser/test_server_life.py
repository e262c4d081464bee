"""What the app does when its data is missing, its tabs close, it hangs, is started anew or ended, in a real browser."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import ARTEFACTS
from tests.browser.server import AppServer
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

MOONS = {"dataset": "moons", "epochs": "0"}


def test_missing_data_is_a_sentence_the_page_goes_on_and_a_closed_tab_leaves_no_thread_behind(
    browser: Browser, empty_server: AppServer
) -> None:
    visitor = Visitor(browser, empty_server.url)
    visitor.page.goto(f"{empty_server.url}/Train?dataset=mnist")
    expect(visitor.page.get_by_text("MNIST is not on this machine")).to_be_visible()
    visitor.press("Download")
    expect(visitor.button("Download again")).to_be_visible()  # the tests have no network
    visitor.open_train(**MOONS)
    visitor.press("Step")
    visitor.wait_for_step(1)
    visitor.slider("Speed").press("End")
    visitor.press("Play")
    visitor.wait_for_step(100)
    assert "nnviz-pool" in empty_server.threads()
    visitor.leave(ARTEFACTS / "closed_tab.png")
    empty_server.wait_until_gone("nnviz-pool")


def test_a_server_that_hangs_or_is_started_anew_is_told_of_and_ctrl_c_ends_it_while_it_trains(
    browser: Browser, empty_server: AppServer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    visitor = Visitor(browser, empty_server.url)
    visitor.open_train(**MOONS)
    visitor.press("Play")
    visitor.wait_for_step(20)
    comes_back_after_it_has_hung(visitor, empty_server)
    first = visitor.page.url
    empty_server.kill()
    expect(visitor.status()).to_contain_text("Connection lost")  # whether all charts had come by then or not
    with at_the_same_address(empty_server, tmp_path_factory.mktemp("again")) as second:
        visitor.wait("location.href !== x", first)  # another run, for the old one has gone with its server
        visitor.press("Play")
        visitor.wait_for_step(20)
        assert second.interrupt() == 0
        assert "Traceback" not in second.log.read_text()
    visitor.close()  # its console tells of the lost server, as it should


def comes_back_after_it_has_hung(visitor: Visitor, server: AppServer) -> None:
    """Stop the server for a while, with its lines broken."""
    server.process.send_signal(signal.SIGSTOP)
    try:
        visitor.hang_up()
        expect(visitor.status()).to_contain_text("Connection lost")
    finally:
        server.process.send_signal(signal.SIGCONT)
    step = visitor.step()
    visitor.wait_for_step(step + 20)
    expect(visitor.status()).not_to_contain_text("Connection lost")


@contextmanager
def at_the_same_address(ended: AppServer, folder: Path) -> Iterator[AppServer]:
    """Start a server where another one was."""
    server = AppServer(folder, port=ended.url.rpartition(":")[2], NNVIZ_PATIENCE="3")
    try:
        server.wait_until_healthy()
        yield server
    finally:
        server.kill()
