"""What stands between the server and the app."""

import asyncio
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Thread
from typing import Any
from urllib.request import urlopen

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from websockets.sync.client import connect

from nnviz.ui.board import serving
from nnviz.ui.front import Front
from tests.runs import wait_for


def is_hurried(receive: Any) -> str:
    line = receive.__self__.transport.get_extra_info("socket")
    return str(bool(line.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)))


async def page(request: Request) -> HTMLResponse:
    return HTMLResponse("<p>hello</p>")


async def line(request: Request) -> PlainTextResponse:
    return PlainTextResponse(is_hurried(request.receive))


async def live(web: WebSocket) -> None:
    await web.accept()
    await web.send_text(is_hurried(web._receive))
    await web.close()


@contextmanager
def served(*middleware: Middleware) -> Iterator[int]:
    """Serve a small app on a socket that is bound as Streamlit binds its own."""
    routes = [Route("/", page), Route("/line", line), WebSocketRoute("/live", live)]
    config = uvicorn.Config(Starlette(routes=routes, middleware=middleware), log_level="error", ws="websockets-sansio")
    server, bound = uvicorn.Server(config), socket.socket(socket.AF_INET)
    bound.bind(("127.0.0.1", 0))
    thread = Thread(target=lambda: asyncio.run(server.serve([bound])))
    thread.start()
    assert wait_for(lambda: server.started)
    try:
        yield bound.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with served(Middleware(Front)) as found:
        yield found


def test_no_part_of_an_answer_waits_for_another(port: int) -> None:
    with urlopen(f"http://127.0.0.1:{port}/line") as answer:
        assert answer.read() == b"True"
    with connect(f"ws://127.0.0.1:{port}/live") as socket_:
        assert socket_.recv() == "True"


def test_a_page_names_the_plot_library_and_nothing_else_does(port: int) -> None:
    with urlopen(f"http://127.0.0.1:{port}/") as answer:
        assert answer.headers["link"].startswith(f"<{serving.address(serving.PLANE)}>; rel=preload; as=script")
    with urlopen(f"http://127.0.0.1:{port}/line") as answer:
        assert answer.headers["link"] is None


def test_a_line_of_another_kind_is_left_as_it_is() -> None:
    seen = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["type"])

    async def nothing(*_: Any) -> Any:
        return None

    with ThreadPoolExecutor(1) as other:  # a browser that tests have opened keeps a loop in this thread
        for kind in ("http", "websocket", "lifespan"):
            other.submit(asyncio.run, Front(app)({"type": kind}, nothing, nothing)).result()
    assert seen == ["http", "websocket", "lifespan"]
