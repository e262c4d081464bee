"""What a hand has done is drawn though its word comes in a message that asks for another part of the page."""

import pytest
from playwright.sync_api import WebSocketRoute, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
SOCKET = "**/_stcore/stream"
TURNED, WRONG = "live.adam.lr", "-1"


class Mixer:
    """Sends what a hand has done to the learning rate as a question about the board, as a busy browser may."""

    def __init__(self, visitor: Visitor) -> None:
        self.board = ""  # the part of the page that is asked for by a timer
        self.known: dict[str, bytes] = {}  # the last state of each widget of the rate
        self.mixed = 0
        visitor.page.route_web_socket(SOCKET, self._route)

    def _route(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        socket.on_message(lambda message: server.send(self._asked(_bytes(message))))
        server.on_message(lambda message: socket.send(self._drawn(_bytes(message))))

    def _drawn(self, message: bytes) -> bytes:
        delta = ForwardMsg.FromString(message).delta
        if "nnviz_timer" in delta.new_element.bidi_component.component_name:
            self.board = delta.fragment_id
        return message

    def _asked(self, message: bytes) -> bytes:
        sent = BackMsg.FromString(message)
        states = sent.rerun_script.widget_states.widgets
        told = {state.id: state.SerializeToString() for state in states if TURNED in state.id}
        is_turned = any(self.known.get(name, state) != state for name, state in told.items())
        is_turned |= any(state.string_value == WRONG for state in states)  # in a field that is new with each value
        self.known |= told
        if is_turned and sent.rerun_script.fragment_id and self.board:
            sent.rerun_script.fragment_id, self.mixed = self.board, self.mixed + 1
        return bytes(sent.SerializeToString())


def _bytes(message: str | bytes) -> bytes:
    return message if isinstance(message, bytes) else message.encode()


def test_a_turned_slider_and_a_refused_text_are_drawn_though_they_come_with_a_question_about_the_board(
    visitor: Visitor,
) -> None:
    mixer = Mixer(visitor)
    visitor.take_less_room()
    visitor.open_train(dataset="moons", epochs="0")
    visitor.press("Step")
    visitor.wait_for_step(1)
    field = visitor.page.get_by_role("textbox", name="Learning rate, typed")
    for rate in ("0.01", "0.03"):
        before = mixer.mixed
        visitor.turn("Learning rate", "ArrowRight")
        expect(visitor.slider("Learning rate")).to_have_attribute("aria-valuetext", rate)
        visitor.page.wait_for_timeout(3000)  # longer than the field shows what the hand has done without the page
        assert mixer.mixed > before
        expect(field).to_have_value(rate)
        visitor.wait(f"decodeURIComponent(location.search).includes('optimizer.lr:{rate}')")
    before = mixer.mixed
    field.fill(WRONG)
    field.press("Enter")
    expect(visitor.page.get_by_text("not '-1'")).to_be_visible()
    visitor.wait("document.querySelectorAll('.stTextInput input').length === 1")  # the one before has gone
    expect(field).to_have_value("0.03")
    assert mixer.mixed > before
