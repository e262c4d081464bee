"""A viewer without a browser: speaks Streamlit's websocket protocol as its own front end does."""

import json
from time import perf_counter
from typing import Any
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from nnviz.specs.experiment import ExperimentSpec

TIMER = "nnviz_timer"  # the component in each part of a page that is drawn again by itself
SMALL = 1024  # bytes; what ends a refresh is smaller, and the charts in it are much larger
DONE = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


class Viewer:
    """One open Train page; call `open` first, `close` last."""

    def __init__(self, port: int) -> None:
        self._address = f"ws://127.0.0.1:{port}/_stcore/stream"
        self._query = ""
        self._page = ""  # how the server calls it; by its name alone the front page would be drawn afresh
        self._socket: ClientConnection
        self._widgets: dict[str, str] = {}  # ids by label
        self._fragment = ""  # what the page asks to run again and again
        self._board = b""
        self.bytes = 0  # received in refreshes

    async def open(self, query: dict[str, str]) -> None:
        """Open the page by a link and wait until it is drawn."""
        self._query = urlencode(query)
        self._socket = await connect(
            self._address, subprotocols=[Subprotocol("streamlit")], compression=None, max_size=None, ping_interval=None
        )
        await self._rerun()

    async def close(self) -> None:
        """Close the page."""
        await self._socket.close()

    async def press(self, label: str) -> None:
        """Press a button by its label."""
        await self._rerun(WidgetState(id=self._widgets[label], trigger_value=True))

    async def slide(self, label: str, stop: str) -> None:
        """Put a slider with words on one of them."""
        state = WidgetState(id=self._widgets[label])
        state.string_array_value.data.append(stop)
        await self._rerun(state)

    async def refresh(self) -> float:
        """Do what the page's timer does; return seconds until the last byte has come."""
        message = self._message()
        message.rerun_script.fragment_id = self._fragment
        start = perf_counter()
        await self._socket.send(message.SerializeToString())
        while True:
            data = await self._receive()
            self.bytes += len(data)
            if len(data) > SMALL:
                self._board = data
            elif self._is_end(ForwardMsg.FromString(data)):
                return perf_counter() - start

    def board(self) -> dict[str, Any]:
        """Read what the board received last."""
        delta = ForwardMsg.FromString(self._board).delta
        found: dict[str, Any] = json.loads(delta.new_element.bidi_component.bytes)
        return found

    def step(self) -> int:
        """Read the update counter as last received."""
        counters = {counter["id"]: counter["value"] for counter in self.board()["counters"]}
        return int(counters["step"].replace(",", ""))

    def _message(self) -> BackMsg:
        message = BackMsg()
        message.rerun_script.query_string = self._query
        message.rerun_script.page_name = "Train"
        message.rerun_script.page_script_hash = self._page
        return message

    async def _rerun(self, *widgets: WidgetState) -> None:
        """Run the whole page and note its widgets."""
        message = self._message()
        message.rerun_script.widget_states.widgets.extend(widgets)
        await self._socket.send(message.SerializeToString())
        while not self._note(await self._receive()):
            pass

    async def _receive(self) -> bytes:
        data = await self._socket.recv()
        return data if isinstance(data, bytes) else data.encode()

    def _note(self, data: bytes) -> bool:
        message = ForwardMsg.FromString(data)
        if message.WhichOneof("type") == "new_session":
            self._page = message.new_session.page_script_hash
        elif message.WhichOneof("type") == "page_info_changed":
            self._query = message.page_info_changed.query_string
        elif message.WhichOneof("type") == "delta":
            element = message.delta.new_element
            kind = element.WhichOneof("type")
            if kind in ("button", "slider"):
                widget = getattr(element, kind)
                self._widgets[widget.label] = widget.id
            elif kind == "bidi_component":
                self._board = data
                if TIMER in element.bidi_component.component_name:
                    self._fragment = message.delta.fragment_id
        return self._is_end(message)

    def _is_end(self, message: ForwardMsg) -> bool:
        return message.WhichOneof("type") == "script_finished" and message.script_finished in DONE


async def full_speed(viewer: Viewer) -> None:
    """Push the speed to its end and press Play."""
    await viewer.slide("Speed", "full speed")
    await viewer.press("Play")


def link(spec: ExperimentSpec) -> dict[str, str]:
    """Return the query of a link to a fresh run."""
    return spec.to_query()


def watch_link(owner: Viewer) -> dict[str, str]:
    """Return the query of a link that watches the owner's run."""
    return {"run": str(owner.board()["key"])}
