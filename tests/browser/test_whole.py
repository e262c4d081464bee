"""A page whose end was lost on its way is drawn once more, and one that is whole is left alone."""

import re

import pytest
from playwright.sync_api import Browser, WebSocketRoute
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from nnviz.ui.board.serving import address
from tests.browser.server import AppServer
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

NUMBER = "document.querySelector('.nnviz-whole')?.dataset.page"
WATCHED = "performance.getEntriesByType('resource').some((each) => each.name.endsWith('/whole.js'))"
LOSE = """() => {
  document.querySelector('.nnviz-whole').dataset.page = 'lost';
  document.querySelectorAll('.nnviz-board').forEach((each) => each.remove());
}"""
# Draws a page of our own whose end has another number, and then the right one.
ASK = """async (path) => {
  document.body.innerHTML = '<div class="stApp" data-test-script-state="notRunning"></div><i class="nnviz-whole"></i>';
  window.asked = [];
  const { default: watch } = await import(path);
  watch({ data: { page: 7 }, setStateValue: (kind, value) => window.asked.push([kind, value]) });
}"""


def test_a_whole_page_is_left_alone_and_one_whose_end_is_lost_is_drawn_again(visitor: Visitor) -> None:
    visitor.page.goto(f"{visitor.url}/Foundations")
    is_left_alone(visitor)
    is_drawn_again_when_its_end_is_lost(visitor)
    for path in ("/Train?dataset=moons", "/Lab?data=digits", "/"):
        visitor.go(path)
        visitor.wait_for_charts()
        if "Train" in path:
            is_left_alone(visitor)
        is_drawn_again_when_its_end_is_lost(visitor)


def is_left_alone(visitor: Visitor) -> None:
    visitor.wait(f"Number({NUMBER}) > 0")
    visitor.page.wait_for_timeout(2000)
    before = visitor.page.evaluate(NUMBER)
    visitor.page.wait_for_timeout(5000)
    assert visitor.page.evaluate(NUMBER) == before


def is_drawn_again_when_its_end_is_lost(visitor: Visitor) -> None:
    visitor.wait(f"Number({NUMBER}) > 0")
    before = int(visitor.page.evaluate(NUMBER))
    visitor.page.evaluate(LOSE)
    visitor.wait(f"Number({NUMBER}) > x", before)


def test_a_page_that_a_message_has_wiped_out_is_loaded_anew(visitor: Visitor) -> None:
    sockets: list[WebSocketRoute] = []

    def heard(socket: WebSocketRoute) -> None:
        socket.connect_to_server()
        sockets.append(socket)

    visitor.page.route_web_socket(re.compile("/_stcore/stream"), heard)
    visitor.page.goto(f"{visitor.url}/Foundations")
    visitor.wait(f"Number({NUMBER}) > 0 && {WATCHED}")
    visitor.linger()  # what has come begins to watch
    wrong = ForwardMsg()
    wrong.metadata.delta_path.extend([0, 99, 0])  # beside all that there is
    wrong.delta.new_element.empty.SetInParent()
    sockets[0].send(wrong.SerializeToString())
    visitor.wait("!document.querySelector('.stApp')")
    visitor.wait(f"Number({NUMBER}) > 0 && document.querySelector('main h1').textContent === 'Foundations'")
    assert any("Bad delta path" in each for each in visitor.complaints)
    visitor.complaints.clear()


def test_it_asks_three_times_at_most_until_the_end_has_come(browser: Browser, shared_server: AppServer) -> None:
    page = browser.new_page()
    page.clock.install()
    page.goto(f"{shared_server.url}/{address('numbers.js')}")
    page.evaluate(ASK, f"/{address('whole.js')}")
    page.clock.run_for(1900)
    assert page.evaluate("window.asked") == []
    page.clock.run_for(60_000)
    assert page.evaluate("window.asked") == [["again", "7.1"], ["again", "7.2"], ["again", "7.3"]]
    page.evaluate("document.querySelector('.nnviz-whole').dataset.page = '7'")
    page.clock.run_for(5000)
    page.evaluate("document.querySelector('.nnviz-whole').dataset.page = '6'")
    page.clock.run_for(4000)
    assert len(page.evaluate("window.asked")) == 4
    page.close()
