"""Who may open a line, what may be said on it, and how it ends."""

import asyncio
import json
from base64 import b64decode
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from threading import Event
from time import sleep
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from starlette.datastructures import Headers
from starlette.websockets import WebSocketDisconnect

from nnviz.sessions.session import Session
from nnviz.ui.board.layout import Layout
from nnviz.ui.board.wanted import Wanted, wants
from nnviz.ui.push import channel as channel_module
from nnviz.ui.push.artist import SHARE, Artist
from nnviz.ui.push.channel import FOREIGN, MANY, UNKNOWN, UNSOUND, Channel
from nnviz.ui.push.origin import is_own
from nnviz.ui.push.request import MOST_A_SECOND, MOST_BYTES, MOST_CHARTS, Rate, Request, read
from nnviz.ui.registry import registry
from nnviz.ui.visitor import name_from_cookie
from tests.push import LAYOUT, Pipe, play, rest, small_session, until
from tests.runs import wait_for

session = pytest.fixture(small_session)


# ---- lines


class Socket(Pipe):
    """A browser's end of a line: says what it is told to, and notes how the line was closed."""

    def __init__(self, *says: object, cookie: str = "", **headers: str) -> None:
        super().__init__()
        self.headers = Headers({"host": "nnviz.example", **{name.replace("_", "-"): v for name, v in headers.items()}})
        self.cookies = {"_streamlit_xsrf": cookie}
        self.says = [json.dumps(each) if isinstance(each, dict) else each for each in says]
        self.code: int | None = None
        self.is_accepted = self.has_left = False

    async def accept(self) -> None:
        self.is_accepted = True

    async def close(self, code: int) -> None:
        self.code = code

    async def receive_text(self) -> str:
        while not self.says and not self.has_left:
            await asyncio.sleep(0.005)
        if self.has_left:
            raise WebSocketDisconnect(1001)
        return str(self.says.pop(0))


class Drawing(Socket):
    """A browser's end of a line that draws at once what it is sent, and says so."""

    async def send_bytes(self, data: bytes) -> None:
        await super().send_bytes(data)
        if "stamp" in json.loads(data):
            self.says.insert(0, json.dumps({"drawn": True}))


@pytest.fixture
def lines(session: Session, own_registry: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Channel]:
    registry().sessions[session.id] = session
    monkeypatch.setattr(channel_module, "loading", lambda: SimpleNamespace(wait=lambda _: True))
    found = Channel()
    yield found
    found._artist.close()


def wish(session: Session, **more: object) -> dict[str, object]:
    return {"want": wants().name(Wanted(session.id, LAYOUT, str)), "have": {}, **more}


async def attended(lines: Channel, socket: Socket) -> None:
    await lines.attend(socket)  # type: ignore[arg-type]


def test_who_asks_for_a_board_is_shown_it_until_they_leave(lines: Channel, session: Session) -> None:
    async def story() -> None:
        socket = Socket(wish(session), origin="http://nnviz.example")
        line = asyncio.create_task(attended(lines, socket))
        await until(lambda: socket.sent)
        assert socket.drawings[0]["key"] == session.id
        socket.has_left = True
        await line
        await until(lambda: not lines._stages)
        assert not lines._lines

    play(story)


def closed_with(lines: Channel, *sockets: Socket) -> list[int | None]:
    async def story() -> None:
        tasks = [asyncio.create_task(attended(lines, socket)) for socket in sockets]
        await until(lambda: any(task.done() for task in tasks))
        await rest()
        for socket in sockets:
            socket.has_left = True
        await asyncio.gather(*tasks)

    play(story)
    return [socket.code for socket in sockets]


def test_a_page_of_another_site_gets_no_line(lines: Channel, session: Session) -> None:
    socket = Socket(wish(session), origin="https://elsewhere.example")
    assert closed_with(lines, socket) == [FOREIGN]
    assert not socket.is_accepted
    assert not socket.sent


@pytest.mark.parametrize("want", ["", "made-up", "../../etc"])
def test_a_board_that_nobody_drew_is_not_known(lines: Channel, want: str) -> None:
    assert closed_with(lines, Socket({"want": want, "have": {}})) == [UNKNOWN]


def test_a_session_that_was_forgotten_is_not_known_and_those_who_look_are_told(
    lines: Channel, session: Session
) -> None:
    async def story() -> None:
        socket = Socket(wish(session))
        line = asyncio.create_task(attended(lines, socket))
        await until(lambda: socket.sent)
        del registry().sessions[session.id]
        await line
        assert socket.code == UNKNOWN

    play(story)
    assert closed_with(lines, Socket(wish(session))) == [UNKNOWN]


UNSOUND_WORDS = [
    "", "[]", "1", "{", "null", '{"want": 1}', '{"want": "a", "past": "1"}', '{"want": "a", "past": true}',
    '{"want": "a", "past": -1}', '{"want": "a", "past": 1.5}', '{"want": "a", "have": []}',
    '{"want": "a", "have": {"loss": "x"}}',
    '{"steer": "play"}', '{"drawn": 1}', '{"hidden": "yes"}', "x" * (MOST_BYTES + 1),
    '{"have": {"a": 1}, "want": null, "n": 0}', '{"sight": {"loss": 1}}', '{"sight": [1]}', '{"sight": "loss"}',
    json.dumps({"sight": ["a"] * (MOST_CHARTS + 1)}),
    '{"turn": 1}', '{"turn": {"id": "layers", "value": 1}}', '{"turn": {"id": 1, "value": 1, "n": 1}}',
    *(json.dumps({"stretch": {"id": "loss", "low": 0, "high": 9, "n": 1, **wrong}}) for wrong in (
        {"id": 1}, {"low": "0"}, {"low": 9}, {"high": float("nan")}, {"high": True}, {"n": 0.5}, {"more": 1},
    )), '{"stretch": 1}',
    *(json.dumps({"move": {"chart": "a", "act": "move", "name": "b", "index": 0, "x": 1, "y": 0.5, "n": 1, **wrong}})
      for wrong in (
        {"chart": 1}, {"act": "add"}, {"name": None}, {"index": -1}, {"index": 0.5}, {"index": True}, {"x": "1"},
        {"y": float("inf")}, {"y": 10**400}, {"x": True}, {"n": "1"}, {"more": 1},
    )), '{"move": 1}', '{"move": {"chart": "a", "x": 1, "y": 1, "n": 1}}',
    '{"turn": {"id": "layers", "value": [1], "n": 1}}', '{"turn": {"id": "layers", "value": 1, "n": "1"}}',
]  # fmt: skip


@pytest.mark.parametrize("word", UNSOUND_WORDS)
def test_what_no_board_says_ends_the_line(lines: Channel, word: str) -> None:
    with pytest.raises((ValueError, TypeError)):
        read(word)
    assert closed_with(lines, Socket(word)) == [UNSOUND]


def test_what_a_board_says_is_read() -> None:
    assert read('{"want": "a", "have": {"loss": 3}, "hidden": false}') == Request("a", {"loss": 3}, hidden=False)
    assert read('{"want": "a", "past": 3}') == Request("a", past=3)
    assert read('{"sight": ["loss"]}') == Request(sight=["loss"])
    assert read('{"drawn": true}') == Request(drawn=True)
    stretch = {"id": "loss", "low": 0, "high": 9.5, "n": 1}
    assert read(json.dumps({"stretch": stretch})) == Request(stretch=stretch)


def test_a_stretch_is_drawn_for_whoever_has_zoomed_in_and_for_nobody_else(lines: Channel, session: Session) -> None:
    session.run.step(40)
    assert wait_for(lambda: session.run.peek().lanes[0].step == 40)

    async def story() -> None:
        asked = [{"stretch": {"id": name, "low": 10, "high": 20, "n": n}} for n, name in enumerate(("weights", "loss"))]
        one, other = Drawing(wish(session)), Drawing(wish(session))
        tasks = [asyncio.create_task(attended(lines, socket)) for socket in (one, other)]
        await until(lambda: one.sent and other.sent)
        one.says += map(json.dumps, asked)
        await until(lambda: any(word.get("stretch", {}).get("n") == 1 for word in one.drawings))
        for socket in (one, other):
            socket.has_left = True
        await asyncio.gather(*tasks)
        assert not any("stretch" in word for word in other.drawings)
        found = next(word["stretch"] for word in one.drawings if word.get("stretch", {}).get("n") == 1)
        ((trace, losses),) = [(trace, trace["y"]["bdata"]) for trace in found["data"]]
        assert trace["name"] == "every update"
        expected = session.run.peek().lanes[0].curve.losses[9:20]
        assert np.frombuffer(b64decode(losses), np.float32).tolist() == expected.tolist()

    play(story)


PLAY = Layout(charts=("units", "loss"), shape="playground", is_direct=True)
COOKIE = f"2|00000000|{'07' * 8}|1"


def hand(session: Session, layout: Layout, *turns: tuple[str, object], cookie: str = COOKIE) -> Drawing:
    """Let somebody look at a board, and turn something there."""
    want = {"want": wants().name(Wanted(session.id, layout, str)), "have": {}}
    words = [{"turn": {"id": name, "value": value, "n": n}} for n, (name, value) in enumerate(turns, 1)]
    return Drawing(want, *words, cookie=cookie)


def told(socket: Socket) -> list[dict[str, Any]]:
    """Read what was said about what was turned."""
    return [word for word in socket.drawings if "heard" in word]


@pytest.fixture
def own_session(session: Session) -> Session:
    session.owner = name_from_cookie(COOKIE) or ""
    return session


def test_what_its_owner_turns_on_a_playground_is_done_at_once_drawn_and_then_said_to_be_done(
    lines: Channel, own_session: Session
) -> None:
    async def story() -> None:
        socket = hand(own_session, PLAY, ("optimizer.lr", 0.02))
        line = asyncio.create_task(attended(lines, socket))
        await until(lambda: told(socket))
        assert told(socket) == [{"heard": 1}]
        assert socket.drawings.index({"heard": 1}) > 0
        assert own_session.knob("optimizer.lr", own_session.run.peek()) == 0.02
        generation = own_session.generation
        socket.says.append(json.dumps({"turn": {"id": "layers", "value": 3, "n": 2}}))
        await until(lambda: len(told(socket)) == 2)
        assert own_session.generation == generation + 1
        assert str(own_session.spec.model.knobs["hidden"]).count(",") == 2
        before = socket.drawings[: socket.drawings.index({"heard": 2})]
        assert generation + 1 in [drawing["at"][0] for drawing in before if "at" in drawing]
        socket.has_left = True
        await line

    play(story)


@pytest.mark.parametrize(
    ("layout", "cookie", "turn"),
    [
        (PLAY, "", ("optimizer.lr", 0.02)),
        (PLAY, f"2|00000000|{'08' * 8}|1", ("optimizer.lr", 0.02)),
        (LAYOUT, COOKIE, ("optimizer.lr", 0.02)),
        (PLAY, COOKIE, ("optimizer.lr", "fast")),
        (PLAY, COOKIE, ("colour", 1)),
    ],
    ids=["a stranger", "another", "another page", "no number", "no dial"],
)
def test_what_cannot_be_done_here_changes_nothing_and_is_left_to_the_page(
    lines: Channel, own_session: Session, layout: Layout, cookie: str, turn: tuple[str, object]
) -> None:
    async def story() -> None:
        socket = hand(own_session, layout, turn, cookie=cookie)
        line = asyncio.create_task(attended(lines, socket))
        await until(lambda: told(socket))
        assert told(socket) == [{"heard": 1, "refused": 1}]
        assert (own_session.turns, own_session.generation) == (0, 0)
        socket.has_left = True
        await line

    play(story)


def test_who_says_too_much_is_cut_off(lines: Channel) -> None:
    assert closed_with(lines, Socket(*[{"drawn": True}] * (MOST_A_SECOND + 1))) == [UNSOUND]
    rate = Rate()
    assert not any(rate.is_too_high(n / (MOST_A_SECOND - 1)) for n in range(10 * MOST_A_SECOND))


def test_a_visitor_may_have_so_many_lines_and_the_server_so_many_in_all(
    lines: Channel, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    cookies = [f"2|00000000|{f'{number:02x}' * 8}|1" for number in range(3)]
    monkeypatch.setattr(channel_module, "MOST_EACH", 2)
    sockets = [Socket(wish(session), cookie=cookies[0]) for _ in range(3)]
    assert closed_with(lines, *sockets, Socket(wish(session), cookie=cookies[1])) == [None, None, MANY, None]
    monkeypatch.setattr(channel_module, "MOST", 2)
    assert closed_with(lines, *(Socket(wish(session), cookie=cookie) for cookie in cookies)) == [None, None, MANY]


# ---- where from

OWN, ELSEWHERE = "https://nnviz.example", "https://elsewhere.example"


@pytest.mark.parametrize(
    ("headers", "is_behind_proxy", "is_let_in"),
    [
        ({"host": "nnviz.example"}, False, True),  # no page
        ({"host": "nnviz.example", "origin": OWN}, False, True),
        ({"host": "NNVIZ.example:443", "origin": f"{OWN}:443"}, False, False),  # the host has no scheme to tell by
        ({"host": "nnviz.example", "origin": ELSEWHERE}, False, False),
        ({"host": "nnviz.example", "origin": "https://nnviz.example.elsewhere.example"}, False, False),
        ({"host": "nnviz.example", "origin": "null"}, False, False),
        ({"host": "", "origin": ""}, False, False),
        ({"host": "nnviz.example", "origin": "https://nnviz.example:bad"}, False, False),
        ({"host": "localhost:8501", "origin": "http://localhost:8501"}, False, True),
        ({"host": "localhost:8501", "origin": "http://localhost:8502"}, False, False),
        ({"host": "inner:8501", "origin": OWN, "x-forwarded-host": "nnviz.example"}, False, False),
        ({"host": "inner:8501", "origin": OWN, "x-forwarded-host": "nnviz.example"}, True, True),
        ({"host": "inner:8501", "origin": ELSEWHERE, "x-forwarded-host": "nnviz.example"}, True, False),
    ],
)
def test_only_our_own_pages_may_open_a_line(headers: dict[str, str], is_behind_proxy: bool, is_let_in: bool) -> None:
    assert is_own(headers, is_behind_proxy=is_behind_proxy) == is_let_in


def test_a_server_may_be_reached_by_further_hosts() -> None:
    headers = {"host": "inner:8501", "origin": OWN}
    assert is_own(headers, others=["nnviz.example"])
    assert is_own(headers, others=["https://nnviz.example"])
    assert not is_own({**headers, "origin": ELSEWHERE}, others=["nnviz.example", ""])


def test_where_many_stages_draw_each_draws_less_often() -> None:
    async def story() -> None:
        artist = Artist()
        for _ in range(60):
            await artist.draw(lambda: sleep(0.002))
        assert artist.gap == 0
        with ExitStack() as stages:
            for _ in range(10):
                stages.enter_context(artist.serving())
            assert artist.gap > 0.9 * 10 * 0.002 / SHARE
        artist.close()

    play(story)


def test_what_somebody_waits_for_is_drawn_before_what_nobody_asked_for() -> None:
    async def story() -> None:
        artist, begun, go_on, made = Artist(), Event(), Event(), list[str]()
        asked = {"answer"}

        def first() -> None:
            begun.set()
            go_on.wait(20)

        def ask(name: str) -> asyncio.Task[None]:
            return asyncio.create_task(artist.draw(lambda: made.append(name), lambda: name in asked))

        busy = asyncio.create_task(artist.draw(first))
        await until(begun.is_set)
        tasks = [ask(name) for name in ("news", "asked for meanwhile", "nobody looks any more", "answer", "more news")]
        await asyncio.sleep(0)
        asked.add("asked for meanwhile")
        tasks[2].cancel()
        await asyncio.sleep(0)
        go_on.set()
        await asyncio.gather(busy, *tasks, return_exceptions=True)
        artist.close()
        assert made == ["asked for meanwhile", "answer", "news", "more news"]

    play(story)


def test_what_cannot_be_drawn_is_told_to_who_asked_and_to_nobody_else() -> None:
    async def story() -> None:
        artist = Artist()
        bad, good = (asyncio.create_task(artist.draw(partial(divmod, 6, by))) for by in (0, 3))
        with pytest.raises(ZeroDivisionError):
            await bad
        assert await good == (2, 0)
        artist.close()

    play(story)
