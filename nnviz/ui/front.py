"""What stands between the server and the app: no answer waits for another, and a page's frame names what comes next."""

import socket
from asyncio import CancelledError, Transport
from contextlib import suppress

from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nnviz.ui.board.serving import PLANE, address


class Front:
    """Hurries each line, and tells a browser with each page that it will be asked for the plot library."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""

        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                _name_library(MutableHeaders(scope=message))
            await send(message)

        if scope["type"] in ("http", "websocket"):
            _hurry(receive)
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        # The server cancels what a browser does not take when it ends; as an error it would print where that was.
        with suppress(CancelledError):
            await self._app(scope, receive, tell)


def _hurry(receive: Receive) -> None:
    """Let small parts leave at once.

    asyncio does so only for sockets that name their protocol, and Streamlit's does not: a head waited for its body's
    sake until the browser had acknowledged what came before, 40 ms on Linux and up to 200 elsewhere.
    """
    transport = getattr(getattr(receive, "__self__", None), "transport", None)
    line = transport.get_extra_info("socket") if isinstance(transport, Transport) else None
    if line is not None and line.family in (socket.AF_INET, socket.AF_INET6):
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _name_library(headers: MutableHeaders) -> None:
    if headers.get("content-type", "").startswith("text/html"):
        headers.append("link", f"<{address(PLANE)}>; rel=preload; as=script; fetchpriority=low")


def front() -> list[Middleware]:
    """List what the app is to put there."""
    return [Middleware(Front)]
