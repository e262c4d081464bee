"""What the server pushes to a page in a real browser, and what becomes of the page where it cannot."""

import json

import pytest
from playwright.sync_api import Page, WebSocket, WebSocketRoute, expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
expect.set_options(timeout=60_000)

MOONS = {"dataset": "moons", "epochs": "0"}
LINE = "**/nnviz/live"


class Traffic:
    """Counts what a tab sends and receives, by the page's own socket and by the boards' lines."""

    def __init__(self, page: Page) -> None:
        self.pushed = self.asked = self.lines = 0
        self._page = page
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        is_line = "/nnviz/live" in socket.url
        self.lines += is_line
        socket.on("framereceived" if is_line else "framesent", lambda _: self._count(is_line))

    def come_to_rest(self) -> None:
        """Return once the page has asked for nothing for a while, which it does where all is pushed."""
        for _ in range(20):
            before = self.asked
            self._page.wait_for_timeout(1500)
            if self.asked == before:
                return
        raise AssertionError("the page asks again and again")

    def wait_for_pushes(self, least: int) -> None:
        """Return once so many have come in all."""
        for _ in range(600):
            if self.pushed >= least:
                return
            self._page.wait_for_timeout(100)
        raise AssertionError(f"{self.pushed} have come, not {least}")

    def _count(self, is_line: bool) -> None:
        self.pushed += is_line
        self.asked += not is_line


def test_what_is_new_is_pushed_to_a_tab_that_somebody_sees_and_to_both_boards_of_a_model_and_no_page_asks(
    visitor: Visitor,
) -> None:
    visitor.page.add_init_script("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    traffic = Traffic(visitor.page)
    visitor.open_train(**MOONS)
    visitor.linger()
    assert (traffic.lines, traffic.pushed) == (1, 0)  # it was opened out of sight
    visitor.hide(False)
    visitor.press("Play")
    visitor.wait_for_step(20)
    traffic.come_to_rest()
    asked, pushed, step = traffic.asked, traffic.pushed, visitor.step()
    visitor.wait_for_step(step + 300)
    traffic.wait_for_pushes(pushed + 3)
    assert traffic.asked == asked
    is_sent_nothing_out_of_sight(visitor, traffic)
    assert traffic.lines == 1
    visitor.press("Pause")
    visitor.wait_for_status("Paused")
    the_boards_of_a_model_are_pushed_with_their_slider(visitor, traffic)


def is_sent_nothing_out_of_sight(visitor: Visitor, traffic: Traffic) -> None:
    """Look away for a while, and find the run further on afterwards."""
    visitor.hide(True)
    visitor.linger()
    pushed, asked = traffic.pushed, traffic.asked
    visitor.page.wait_for_timeout(1500)
    assert (traffic.pushed, traffic.asked) == (pushed, asked)
    visitor.hide(False)
    visitor.wait_for_step(visitor.step() + 20)


def the_boards_of_a_model_are_pushed_with_their_slider(visitor: Visitor, traffic: Traffic) -> None:
    visitor.go("/Autoencoder?dataset=digits&epochs=0")
    visitor.press("Play")
    dial = visitor.page.locator(".nnviz-past input").first
    visitor.wait("Number(document.querySelector('.nnviz-past input').max) > 3")
    asked, most = traffic.asked, int(dial.get_attribute("max") or 0)
    visitor.wait("Number(document.querySelector('.nnviz-past input').max) > x", most)
    assert traffic.asked == asked
    assert traffic.lines == 1 + 2


def test_a_chart_that_the_server_takes_to_be_there_is_asked_for_and_a_line_that_breaks_is_opened_anew(
    visitor: Visitor,
) -> None:
    """Between two drawings that are pushed the page itself may have taken a chart away."""
    asked: list[str] = []
    lines: list[WebSocketRoute] = []

    def without_figures(text: str | bytes) -> str:
        found = json.loads(text)
        mentions = [{"id": card["id"], "stamp": card["stamp"]} for card in found.get("charts", ())]
        return json.dumps({**found, "charts": mentions} if mentions else found)

    def pass_on(line: WebSocketRoute) -> None:
        server = line.connect_to_server()
        lines.append(line)

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
    each_line_that_breaks_is_opened_anew(visitor, lines)


def each_line_that_breaks_is_opened_anew(visitor: Visitor, lines: list[WebSocketRoute]) -> None:
    for _ in range(2):
        step, count = visitor.step(), len(lines)
        lines[-1].close()
        visitor.wait_for_step(step + 50)
        expect(visitor.button("Pause")).to_be_visible()
        while len(lines) == count:
            visitor.page.wait_for_timeout(50)
