"""What the server pushes to a page in a real browser, and what becomes of the page where it cannot."""

import json
import signal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, WebSocket, WebSocketRoute, expect

from tests.browser.server import AppServer
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
expect.set_options(timeout=60_000)

MOONS = {"dataset": "moons", "epochs": "0"}
LINE = "**/nnviz/live"


class Traffic:
    """Counts what a tab sends and receives, by the page's own socket and by the boards' lines."""

    def __init__(self, page: Page) -> None:
        self.pushed = self.asked = self.lines = 0
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        is_line = "/nnviz/live" in socket.url
        self.lines += is_line
        socket.on("framereceived" if is_line else "framesent", lambda _: self._count(is_line))

    def _count(self, is_line: bool) -> None:
        self.pushed += is_line
        self.asked += not is_line


def test_what_is_new_is_pushed_and_the_page_is_not_asked_for(visitor: Visitor) -> None:
    traffic = Traffic(visitor.page)
    visitor.open_train(**MOONS)
    visitor.press("Play")
    visitor.wait_for_step(20)
    visitor.linger()
    asked, pushed = traffic.asked, traffic.pushed
    visitor.page.wait_for_timeout(3000)
    assert traffic.asked == asked
    assert traffic.pushed > pushed + 2
    assert traffic.lines == 1
    visitor.press("Pause")
    visitor.wait_for_status("Paused")


def test_a_tab_at_rest_learns_of_what_another_does(visitor: Visitor) -> None:
    visitor.open_train(**MOONS)
    first, second = visitor.page, visitor.new_tab()
    second.goto(first.url)
    visitor.page = second
    visitor.wait_for_charts()
    first.bring_to_front()
    visitor.page = first
    visitor.press("Play")
    visitor.page = second
    second.bring_to_front()
    visitor.wait_for_step(20)
    expect(visitor.button("Pause")).to_be_visible()
    visitor.turn("Learning rate")
    moved = visitor.slider("Learning rate").get_attribute("aria-valuetext")
    visitor.page = first
    first.bring_to_front()
    expect(visitor.slider("Learning rate")).to_have_attribute("aria-valuetext", moved or "")
    expect(visitor.log()).to_have_count(1)


def test_a_board_of_a_model_is_pushed_with_its_dials(visitor: Visitor) -> None:
    traffic = Traffic(visitor.page)
    visitor.open("/Autoencoder?dataset=digits&epochs=0")
    visitor.press("Play")
    dial = visitor.page.locator("[data-dial=moment]")
    visitor.wait("Number(document.querySelector('[data-dial=moment]').max) > 3")
    asked, most = traffic.asked, int(dial.get_attribute("max") or 0)
    visitor.wait("Number(document.querySelector('[data-dial=moment]').max) > x", most)
    assert traffic.asked == asked
    assert traffic.lines == 2


def test_where_nothing_can_be_pushed_the_page_asks(visitor: Visitor) -> None:
    visitor.page.route_web_socket(LINE, lambda line: line.close())
    traffic = Traffic(visitor.page)
    visitor.open_train(**MOONS)
    visitor.press("Play")
    visitor.wait_for_step(20)
    asked, step = traffic.asked, visitor.step()
    visitor.wait_for_step(step + 100)
    assert traffic.asked > asked
    visitor.press("Pause")
    visitor.wait_for_status("Paused")


def test_a_line_that_breaks_is_opened_anew(visitor: Visitor) -> None:
    lines: list[WebSocketRoute] = []

    def pass_on(line: WebSocketRoute) -> None:
        line.connect_to_server()
        lines.append(line)

    visitor.page.route_web_socket(LINE, pass_on)
    visitor.open_train(**MOONS)
    visitor.press("Play")
    for _ in range(2):
        step, count = visitor.step(), len(lines)
        lines[-1].close()
        visitor.wait_for_step(step + 50)
        visitor.wait("x > 0", 1)
        expect(visitor.button("Pause")).to_be_visible()
        while len(lines) == count:
            visitor.page.wait_for_timeout(50)


def test_a_chart_that_the_server_takes_to_be_there_is_asked_for(visitor: Visitor) -> None:
    """Between two drawings that are pushed the page itself may have taken a chart away."""
    asked: list[str] = []

    def without_figures(text: str | bytes) -> str:
        found = json.loads(text)
        mentions = [{"id": card["id"], "stamp": card["stamp"]} for card in found.get("charts", ())]
        return json.dumps({**found, "charts": mentions} if mentions else found)

    def pass_on(line: WebSocketRoute) -> None:
        server = line.connect_to_server()

        def note(text: str | bytes) -> None:
            asked.append(str(text))
            server.send(text)

        line.on_message(note)
        server.on_message(lambda data: line.send(data if len(asked) > 8 else without_figures(data).encode()))

    visitor.page.route_web_socket(LINE, pass_on)
    visitor.open_train(**MOONS)
    visitor.press("Play")
    visitor.wait_for_step(20)
    draws = "[...document.querySelectorAll('[data-chart=loss]')].map((card) => Number(card.dataset.draws))[0]"
    before = int(visitor.page.evaluate(draws))
    visitor.wait(f"{draws} > x", before + 3)
    assert sum('"want"' in text for text in asked) > 1


def test_a_server_that_hangs_or_is_started_anew_is_told_of_and_comes_back_by_itself(
    browser: Browser, empty_server: AppServer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    visitor = Visitor(browser, empty_server.url)
    visitor.open_train(**MOONS)
    visitor.press("Play")
    visitor.wait_for_step(20)
    empty_server.process.send_signal(signal.SIGSTOP)
    try:
        visitor.hang_up()
        expect(visitor.status()).to_contain_text("Connection lost")
    finally:
        empty_server.process.send_signal(signal.SIGCONT)
    step = visitor.step()
    visitor.wait_for_step(step + 20)
    expect(visitor.status()).not_to_contain_text("Connection lost")
    shows_its_page_again(visitor, empty_server, tmp_path_factory.mktemp("again"))


def shows_its_page_again(visitor: Visitor, empty_server: AppServer, folder: Path) -> None:
    """Start the server anew at the same address."""
    first = visitor.page.url
    empty_server.kill()
    expect(visitor.status()).to_contain_text("Connection lost")  # whether all charts had come by then or not
    port = empty_server.url.rpartition(":")[2]
    second = AppServer(folder, port=port, NNVIZ_PATIENCE="3")
    try:
        second.wait_until_healthy()
        visitor.wait("location.href !== x", first)  # another run, for the old one has gone with its server
        visitor.press("Play")
        visitor.wait_for_step(20)
        assert "Traceback" not in second.log.read_text()
    finally:
        visitor.close()
        second.kill()


def test_a_tab_that_was_opened_out_of_sight_is_pushed_to_once_it_is_seen(visitor: Visitor) -> None:
    visitor.page.add_init_script("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    traffic = Traffic(visitor.page)
    visitor.open_train(**MOONS)
    visitor.linger()
    assert (traffic.lines, traffic.pushed) == (1, 0)
    visitor.hide(False)
    visitor.press("Play")
    visitor.wait_for_step(20)
    visitor.linger()
    asked, step = traffic.asked, visitor.step()
    visitor.wait_for_step(step + 300)
    assert traffic.asked == asked


def test_a_tab_that_nobody_sees_is_sent_nothing(visitor: Visitor) -> None:
    traffic = Traffic(visitor.page)
    visitor.open_train(**MOONS)
    visitor.press("Play")
    visitor.wait_for_step(20)
    visitor.hide(True)
    visitor.linger()
    pushed, asked = traffic.pushed, traffic.asked
    visitor.page.wait_for_timeout(1500)
    assert (traffic.pushed, traffic.asked) == (pushed, asked)
    visitor.hide(False)
    visitor.wait_for_step(visitor.step() + 20)
