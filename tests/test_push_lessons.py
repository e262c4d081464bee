"""What a hand turns or moves in a lesson is answered by the line: checked, newest first, as the page would draw it."""

import asyncio
import json
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from nnviz.charts.lesson_figure import Picture
from nnviz.sessions.rights import ANYONE
from nnviz.specs.lesson import LessonState, number, whole
from nnviz.ui.board.drawn import Drawn
from nnviz.ui.lesson_kit.controller import LessonController
from nnviz.ui.lesson_kit.desk import Desk
from nnviz.ui.lesson_kit.drawing import BoardSpec, drawn_of
from nnviz.ui.lesson_kit.look import Look
from nnviz.ui.lesson_kit.menu import LESSONS
from nnviz.ui.lesson_kit.seat import LiveBoard, Seat, seats
from nnviz.ui.push import channel as channel_module
from nnviz.ui.push.channel import UNKNOWN, Channel
from nnviz.ui.visitor import name_from_cookie
from nnviz.words.lesson import LessonTexts
from tests.lesson_pages import boards, open_lesson
from tests.push import play, rest, until
from tests.test_push_lines import COOKIE, Drawing, Socket, attended

TEXTS = LessonTexts(
    "t", "m", "c", "l", knobs={"rate": ("r", ""), "steps": ("s", ""), "other": ("o", "")},
    charts={"line": ("Line", ""), "still": ("Still", "")},
)  # fmt: skip


@dataclass(frozen=True)
class State(LessonState):
    """Two dials of one board, and one of another."""

    rate: float = number(0.5, 0, 1)
    steps: int = whole(3, 0, 9)
    other: float = number(0.0, -1, 1)


CONTROLLER = LessonController("test", State, TEXTS)
PICTURES: Mapping[str, Picture] = {
    "line": Picture(lambda found, words: {"data": [{"y": [found]}], "layout": {}}),
    "still": Picture(lambda found, words: {"data": [], "layout": {}}),
}


class Lesson:
    """A lesson of two boards in one tab; what it studies is noted, and may be held up."""

    def __init__(self, owner: str = "") -> None:
        self.desk = Desk(State())
        self.studied: list[State] = []
        self.gate = threading.Event()
        self.gate.set()
        self.board = LiveBoard("board", self.study, self.scene, self.taken)
        self.dials = LiveBoard("dials", self.study, self.scene_of_dials)
        self.seat, self.more = (self.seat_of(board, owner) for board in (self.board, self.dials))
        self.studied.clear()

    def seat_of(self, board: LiveBoard[State, float], owner: str) -> Seat[State, float]:
        seat: Seat[State, float] = Seat(owner or ANYONE, self.desk, CONTROLLER.after, TEXTS)
        seat.seen(board, str)
        seats().add(seat)
        return seat

    def study(self, state: State) -> float:
        self.studied.append(state)
        assert self.gate.wait(20)
        return 100 * state.steps + state.rate

    def scene(self, state: State, found: float) -> BoardSpec:
        dials = [CONTROLLER.dial(name, state) for name in ("rate", "steps")]
        return BoardSpec(PICTURES, found, dials=[dials[0], {**dials[1], "high": 6}])

    def taken(self, state: State, handle: Mapping[str, Any]) -> dict[str, float]:
        return {"rate": handle["x"], "other": handle["y"]} if handle["act"] == "move" else {}

    def scene_of_dials(self, state: State, found: float) -> BoardSpec:
        return BoardSpec({}, None, dials=[CONTROLLER.dial("other", state)])


@pytest.fixture
def lines(own_registry: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Channel]:
    monkeypatch.setattr(channel_module, "loading", lambda: SimpleNamespace(wait=lambda _: True))
    found = Channel()
    yield found
    found._artist.close()
    found.answerers.shutdown()


def want(seat: Seat[Any, Any], **more: object) -> dict[str, object]:
    return {"want": seat.name, "have": dict(seat.stamps), **more}


def turn(name: str, value: object, n: int) -> str:
    return json.dumps({"turn": {"id": name, "value": value, "n": n}})


def move(n: int, act: str = "move", **more: object) -> str:
    place = {"chart": "line", "act": act, "name": "points", "index": 0, "x": 0.25, "y": 0.5}
    return json.dumps({"move": {**place, **more, "n": n}})


def drawings(socket: Socket) -> list[dict[str, Any]]:
    return [found for found in socket.drawings if "stamp" in found]


def words(socket: Socket) -> list[dict[str, Any]]:
    return [found for found in socket.drawings if "heard" in found]


def at(lines: Channel, socket: Socket, story: Callable[[], Coroutine[Any, Any, None]], *others: Socket) -> None:
    """Let a story happen while browsers are at their boards."""

    async def told() -> None:
        tasks = [asyncio.create_task(attended(lines, each)) for each in (socket, *others)]
        await until(lambda: all(each.sent for each in (socket, *others)))
        await story()
        for each in (socket, *others):
            each.has_left = True
        await asyncio.gather(*tasks)

    play(told)


def test_a_turned_dial_is_drawn_and_only_the_figures_that_changed_are_sent(lines: Channel) -> None:
    lesson = Lesson()
    socket = Drawing(want(lesson.seat))

    async def story() -> None:
        assert socket.drawings == [{"want": lesson.seat.name}]  # there is a line, and nothing new
        socket.says.append(turn("rate", 0.25, 1))
        await until(lambda: drawings(socket))
        assert words(socket) == [{"heard": 1, "at": 2}]
        (drawn,) = drawings(socket)
        assert [sorted(chart) for chart in drawn["charts"]] == [
            ["figure", "help", "id", "label", "stamp", "width"],
            ["id", "stamp"],
        ]
        assert drawn["charts"][0]["figure"]["data"] == [{"y": [300.25]}]
        assert drawn["dials"][0]["value"] == 0.25
        assert drawn["at"] == [0, 2]
        assert lesson.desk.page.state == State()  # the page follows later
        assert lesson.desk.change(lambda state: state) == State(rate=0.25)

    at(lines, socket, story)


def test_what_was_overtaken_is_never_computed_and_nothing_queues(lines: Channel) -> None:
    lesson = Lesson()
    socket = Drawing(want(lesson.seat))

    async def story() -> None:
        lesson.gate.clear()
        socket.says.append(turn("steps", 1, 1))
        await until(lambda: lesson.studied)
        for n, steps in enumerate((2, 4, 5, 6), 2):
            socket.says.append(turn("steps", steps, n))
            await until(lambda n=n: words(socket)[-1:] == [{"heard": n, "at": n + 1}])  # type: ignore[misc]
        lesson.gate.set()
        await until(lambda: len(drawings(socket)) == 2)
        await rest(50)
        assert [state.steps for state in lesson.studied] == [1, 6]
        assert [drawn["charts"][0]["figure"]["data"][0]["y"] for drawn in drawings(socket)] == [[100.5], [600.5]]

    at(lines, socket, story)


def test_a_browser_that_is_behind_is_drawn_nothing_until_it_has_drawn(lines: Channel) -> None:
    lesson = Lesson()
    socket = Socket(want(lesson.seat))

    async def story() -> None:
        for n in range(1, 6):
            socket.says.append(turn("rate", n / 10, n))
            await until(lambda n=n: words(socket)[-1:] == [{"heard": n, "at": n + 1}])  # type: ignore[misc]
            await rest(40)
        assert len(drawings(socket)) == len(lesson.studied) == 2  # one that it draws, and one ahead
        socket.says.append(json.dumps({"drawn": True}))
        await until(lambda: len(drawings(socket)) == 3)
        assert drawings(socket)[-1]["dials"][0]["value"] == 0.5

    at(lines, socket, story)


def test_what_is_turned_on_one_board_is_drawn_on_all_that_show_the_same(lines: Channel) -> None:
    lesson, other = Lesson(), Lesson()
    board, dials, stranger = Drawing(want(lesson.seat)), Drawing(want(lesson.more)), Drawing(want(other.seat))

    async def story() -> None:
        dials.says.append(turn("other", 0.5, 1))
        await until(lambda: drawings(board) and drawings(dials))
        assert drawings(dials)[0]["dials"][0]["value"] == 0.5
        assert len(lesson.studied) == 1  # for both
        await rest(40)
        assert (drawings(stranger), other.studied) == ([], [])

    at(lines, board, story, dials, stranger)


def test_a_board_beside_a_run_is_drawn_at_the_moment_that_is_asked_for_and_never_when_there_is_nothing(
    lines: Channel,
) -> None:
    look, asked = Look(ANYONE), list[int | None]()

    def draw(moment: int | None) -> Drawn | None:
        asked.append(moment)
        return None if moment == 7 else drawn_of(TEXTS, "look", BoardSpec(PICTURES, moment))

    first = draw(None)
    assert first is not None
    assert json.loads(look.seen(first, draw, str))["want"] == look.name
    seats().add(look)
    socket = Drawing({"want": look.name, "have": first.stamps, "past": 3})

    async def story() -> None:
        await until(lambda: drawings(socket))
        for moment in ({"past": 7}, {"past": 5}, {}):
            socket.says.append(json.dumps({"want": look.name, "have": first.stamps, **moment}))
            await rest(60)
        socket.says.append(turn("rate", 0.5, 4))  # only the page can
        await until(lambda: words(socket) == [{"heard": 4, "refused": 1}])
        socket.says.append(move(5))  # likewise
        await until(lambda: words(socket)[-1] == {"heard": 5, "refused": 1})
        assert asked == [None, 3, 7, 5, None]
        assert [drawn["charts"][0].get("figure") for drawn in drawings(socket)] == [
            {"data": [{"y": [3]}], "layout": {}}, {"data": [{"y": [5]}], "layout": {}}, None,
        ]  # fmt: skip

    at(lines, socket, story)


def test_a_moved_point_is_drawn_at_once_and_the_page_follows_later(lines: Channel) -> None:
    lesson = Lesson()
    socket = Drawing(want(lesson.seat))

    async def story() -> None:
        socket.says.append(move(1))
        await until(lambda: drawings(socket))
        assert words(socket) == [{"heard": 1, "at": 2}]
        (drawn,) = drawings(socket)
        assert drawn["charts"][0]["figure"]["data"] == [{"y": [300.25]}]
        assert drawn["at"] == [0, 2]
        assert lesson.desk.page.state == State()
        socket.says.append(move(2))  # where it stands already
        socket.says.append(move(3, act="place"))  # which changes nothing here
        await until(lambda: words(socket)[-1] == {"heard": 3, "at": 2})
        assert lesson.desk.newest.state == State(rate=0.25, other=0.5)
        socket.says.append(turn("steps", 5, 4))  # a dial goes on from there
        await until(lambda: drawings(socket)[-1]["at"] == [0, 3])
        assert lesson.desk.change(lambda state: state) == State(rate=0.25, steps=5, other=0.5)

    at(lines, socket, story)


def test_a_point_that_cannot_be_moved_is_left_to_the_page(
    lines: Channel, caplog: pytest.LogCaptureFixture
) -> None:  # fmt: skip
    lesson = Lesson()
    board, dials = Drawing(want(lesson.seat)), Drawing(want(lesson.more))

    async def story() -> None:
        board.says.append(move(1, x=7))  # beyond what the state may have
        dials.says.append(move(1))  # a board without points
        await until(lambda: words(board) and words(dials))
        assert words(board) == words(dials) == [{"heard": 1, "refused": 1}]
        assert lesson.desk.newest == (1, State())
        board.says.append(move(2))
        await until(lambda: drawings(board))

    at(lines, board, story, dials)
    assert not caplog.records


BAD = {
    "no dial of the board": ("other", 0.5), "no dial at all": ("colour", 1), "a part of the state": ("__class__", 1),
    "beyond the dial's own end": ("steps", 7), "below": ("rate", -0.1), "no number": ("rate", "fast"),
    "no whole number": ("steps", 2.5), "yes": ("rate", True), "not finite": ("rate", float("nan")),
    "endless": ("rate", float("inf")), "huge": ("steps", 10**400),
}  # fmt: skip


@pytest.mark.parametrize(("name", "value"), BAD.values(), ids=list(BAD))
def test_a_value_that_the_dial_cannot_have_changes_nothing_and_is_left_to_the_page(
    lines: Channel, name: str, value: object
) -> None:
    lesson = Lesson()
    socket = Drawing(want(lesson.seat))

    async def story() -> None:
        socket.says.append(turn(name, value, 1))
        await until(lambda: words(socket))
        assert words(socket) == [{"heard": 1, "refused": 1}]
        assert lesson.desk.newest == (1, State())
        socket.says.append(turn("rate", 1, 2))  # and the line goes on
        await until(lambda: drawings(socket))

    at(lines, socket, story)


def test_a_dial_that_is_off_takes_nothing(lines: Channel) -> None:
    lesson = Lesson()
    off = LiveBoard("board", lesson.study, lambda state, found: BoardSpec(
        PICTURES, found, dials=[CONTROLLER.dial("rate", state, is_off=True)]))  # fmt: skip
    lesson.seat.seen(off, str)
    with pytest.raises(ValueError, match="rate"):
        lesson.seat.turn("rate", 0.1)


@pytest.mark.parametrize("cookie", ["", f"2|00000000|{'08' * 8}|1"], ids=["a stranger", "another"])
def test_a_lesson_answers_its_own_tab_alone(lines: Channel, cookie: str) -> None:
    lesson = Lesson(owner=name_from_cookie(COOKIE) or "")
    socket = Socket(want(lesson.seat), turn("rate", 0.1, 1), cookie=cookie)
    play(lambda: attended(lines, socket))
    assert socket.code == UNKNOWN
    assert lesson.desk.newest.state == State()


def test_a_tab_that_has_gone_leaves_nothing_to_ask_for(lines: Channel) -> None:
    lesson = Lesson()
    wish = want(lesson.seat)
    assert seats().find(lesson.seat.name) is lesson.seat
    del lesson
    import gc

    gc.collect()
    socket = Socket(wish)
    play(lambda: attended(lines, socket))
    assert socket.code == UNKNOWN


def test_when_a_browser_leaves_nobody_listens_for_it(lines: Channel) -> None:
    lesson = Lesson()

    async def story() -> None:
        assert len(lesson.desk.listeners) == 1

    at(lines, Drawing(want(lesson.seat)), story)
    assert not lesson.desk.listeners


def test_who_has_other_figures_than_were_drawn_last_is_sent_what_it_lacks(lines: Channel) -> None:
    lesson = Lesson()
    socket = Drawing(want(lesson.seat, have={**lesson.seat.stamps, "line": 1}))

    async def story() -> None:
        await until(lambda: drawings(socket))
        assert ["figure" in chart for chart in drawings(socket)[0]["charts"]] == [True, False]

    at(lines, socket, story)


def test_a_fault_of_a_lesson_is_left_to_the_page_and_the_line_goes_on(
    lines: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    lesson = Lesson()
    socket = Drawing(want(lesson.seat))

    async def story() -> None:
        whole = lesson.board.scene
        object.__setattr__(lesson.board, "scene", lambda state, found: whole(state, found / 0))
        socket.says.append(turn("rate", 0.1, 1))
        await until(lambda: "could not be drawn" in caplog.text)
        object.__setattr__(lesson.board, "scene", whole)
        socket.says.append(turn("rate", 0.2, 2))
        await until(lambda: drawings(socket))

    at(lines, socket, story)


# ---- the desk


def test_what_the_page_changes_goes_on_from_what_lines_have_turned() -> None:
    desk = Desk(State())
    assert desk.turn(lambda state: state.with_(rate=0.1)) == 2
    assert desk.page == (1, State())
    assert desk.change(lambda state: state.with_(steps=7)) == State(rate=0.1, steps=7)
    assert desk.page == desk.newest == (3, State(rate=0.1, steps=7))
    assert desk.turn(lambda state: state.with_(steps=7)) == 3  # nothing has changed
    desk.follow(State(other=1))
    assert desk.page == desk.newest == (4, State(other=1))


def test_a_state_is_studied_once_for_the_page_and_its_line() -> None:
    desk = Desk(State())
    studied: list[State] = []
    study = studied.append
    desk.turn(lambda state: state.with_(rate=0.1))
    assert desk.found(study, is_newest=True)[0].number == 2
    desk.change(lambda state: state)
    assert desk.found(study)[0].number == 2
    assert studied == [State(rate=0.1)]


# ---- the real lessons

LIVE = ("learning", "descent_by_hand", "affine", "depth", "losses")


def other_value(dial: dict[str, Any]) -> float:
    """Return a value on a dial's way that it does not show."""
    low, high = dial["low"], dial["high"]
    shares = ((low * (high / low) ** share) if dial["log"] else low + share * (high - low) for share in (0.3, 0.6, 1))
    steps = (float(f"{share:.2g}") if dial["log"] else round(share) for share in shares)
    return next(value for value in steps if value != dial["value"])


SHOWN = ("charts", "dials", "counters", "status")


def handles(board: dict[str, Any]) -> list[dict[str, Any]]:
    """List what a hand may move on a board's charts, by the first point of each kind."""
    found = []
    for chart in board["charts"]:
        layout, data = chart["figure"]["layout"], chart["figure"]["data"]
        names = [trace["meta"]["handle"]["name"] for trace in data if (trace.get("meta") or {}).get("handle")]
        found += [{"chart": chart["id"], "act": "move", "name": name, "index": 0} for name in names]
        if (layout.get("meta") or {}).get("places"):
            found.append({"chart": chart["id"], "act": "place", "name": "", "index": 0})
    return found


@pytest.mark.parametrize("name", [name for name in LIVE if name != "learning"])
def test_every_point_is_answered_with_what_a_fresh_page_draws_of_the_link_that_the_page_writes_then(name: str) -> None:
    page = open_lesson(LESSONS[name].path)
    moved = 0
    for key, board in boards(page).items():
        for handle in handles(board):
            seat = seats().find(board["want"])
            assert isinstance(seat, Seat)
            before = seat.desk.newest.number
            seat.move({**handle, "x": 0.43, "y": 0.61})
            assert seat.desk.newest.number == before + 1, handle
            by_line = json.loads(seat.drawn().message())
            page.run()
            query = {part: value if isinstance(value, str) else value[0] for part, value in page.query_params.items()}
            for of in (page, open_lesson(LESSONS[name].path, query)):
                assert {part: boards(of)[key][part] for part in SHOWN} == {part: by_line[part] for part in SHOWN}
            moved += 1
    assert moved


@pytest.mark.parametrize("name", LIVE)
def test_every_dial_is_answered_with_what_a_fresh_page_draws_of_the_link_that_the_page_writes_then(name: str) -> None:
    page = open_lesson(LESSONS[name].path)
    before = boards(page)
    found = {key: seats().find(board["want"]) for key, board in before.items()}
    for key, board in before.items():
        assert board["direct"]
        assert board["desk"]
        for dial in board["dials"]:
            found[key].turn(dial["id"], other_value(dial))  # type: ignore[union-attr]
    drawn = {key: seat.drawn() for key, seat in found.items() if seat}
    lines = {key: json.loads(each.message()) for key, each in drawn.items() if each}
    for key, board in before.items():
        turned = zip(board["dials"], lines[key]["dials"], strict=True)
        assert all(old["value"] != new["value"] for old, new in turned)
    page.run()  # the page follows
    query = {name: part if isinstance(part, str) else part[0] for name, part in page.query_params.items()}
    fresh = open_lesson(LESSONS[name].path, query)
    for of in (page, fresh):
        for key, board in boards(of).items():
            assert {part: board[part] for part in SHOWN} == {part: lines[key][part] for part in SHOWN}
