"""What a browser is sent on its line: the newest, once for all, ahead of the clock where somebody has asked for it."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from functools import partial
from threading import Event
from typing import Any

import pytest

from nnviz.records.status import Status
from nnviz.sessions.environment import Environment
from nnviz.sessions.session import Session
from nnviz.specs.experiment import Choice
from nnviz.ui.board.drawn import Drawn
from nnviz.ui.board.message import drawn
from nnviz.ui.board.wanted import Wanted
from nnviz.ui.push import channel as channel_module
from nnviz.ui.push.artist import Artist
from nnviz.ui.push.channel import Channel
from nnviz.ui.push.stage import Stage
from nnviz.ui.push.viewer import AHEAD, Viewer
from tests.push import LAYOUT, Pipe, made, play, rest, small_session, stamps_of, until
from tests.runs import SMALL, wait_for

session = pytest.fixture(small_session)


# ---- one viewer


async def looking(viewer: Viewer, story: Awaitable[None]) -> None:
    task = asyncio.create_task(viewer.serve())
    try:
        await story
    finally:
        task.cancel()


def seen(story: Callable[[Viewer, Pipe], Coroutine[Any, Any, None]]) -> None:
    async def told() -> None:
        pipe = Pipe()
        viewer = Viewer(pipe)
        await looking(viewer, story(viewer, pipe))

    play(told)


def test_a_browser_that_is_busy_gets_the_newest_when_it_is_free_and_nothing_older() -> None:
    async def story(viewer: Viewer, pipe: Pipe) -> None:
        for number in range(6):
            viewer.offer(made(number))
            await rest()
        assert stamps_of(pipe) == ["0", "1"]  # one that it draws, and one ahead
        viewer.took()
        await rest()
        assert stamps_of(pipe) == ["0", "1", "5"]

    seen(story)


def test_an_answer_does_not_wait_for_a_busy_browser_but_does_not_pile_up_either() -> None:
    async def story(viewer: Viewer, pipe: Pipe) -> None:
        for number in range(AHEAD + 1):
            viewer.offer(made(number))
            await rest()
        for number in range(10, 14):
            viewer.offer(made(number), is_answer=True)
            await rest()
        assert stamps_of(pipe) == ["0", "1", "10"]
        viewer.offer(made(20))  # what comes after an answer that has not been sent is one, too
        viewer.took()
        await rest()
        assert stamps_of(pipe)[3:] == ["20"]

    seen(story)


def test_what_nobody_can_see_is_not_sent_until_it_comes_into_view() -> None:
    async def story(viewer: Viewer, pipe: Pipe) -> None:
        viewer.show(True)
        viewer.offer(made(1), is_answer=True)
        viewer.offer(made(2))
        await rest()
        assert not pipe.sent
        viewer.show(False)
        await rest()
        assert stamps_of(pipe) == ["2"]

    seen(story)


def test_only_charts_that_a_browser_lacks_are_sent_and_the_others_are_mentioned() -> None:
    async def story(viewer: Viewer, pipe: Pipe) -> None:
        viewer.have = {"loss": 1, "weights": 7}
        viewer.offer(made(1, loss=2, weights=7))
        await rest()
        viewer.offer(made(2, loss=2, weights=8))
        await rest()
        charts = [[sorted(chart) for chart in drawing["charts"]] for drawing in pipe.drawings]
        assert charts == [[["figure", "id", "stamp"], ["id", "stamp"]], [["id", "stamp"], ["figure", "id", "stamp"]]]

    seen(story)


def test_a_silent_line_says_that_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nnviz.ui.push.viewer.ALIVE_S", 0.01)

    async def story(viewer: Viewer, pipe: Pipe) -> None:
        await until(lambda: len(pipe.sent) > 2)
        assert set(pipe.sent) == {b"{}"}
        viewer.show(True)
        await rest(40)
        count = len(pipe.sent)
        await rest(40)
        assert len(pipe.sent) == count

    seen(story)


def test_those_who_lack_the_same_get_the_same_bytes() -> None:
    board = made(1, loss=2, weights=7)
    assert board.message({"loss": 2}) is board.message({"loss": 2, "other": 1})
    assert board.message() is board.message({})
    assert board.message({"loss": 2}) != board.message()


# ---- a stage


class Hall:
    """A stage with viewers, as the channel sets it up."""

    def __init__(self, session: Session | None, count: int = 1) -> None:
        self.session = session
        self.artist = Artist()
        self.stage = Stage(Wanted(session.id if session else "", LAYOUT, str), lambda _: self.session, self.artist)
        self.pipes = [Pipe() for _ in range(count)]
        self.viewers = [Viewer(pipe) for pipe in self.pipes]
        self.tasks = [asyncio.create_task(viewer.serve()) for viewer in self.viewers]
        for viewer in self.viewers:
            self.stage.enter(viewer)
        self.playing = asyncio.create_task(self.stage.play())

    async def close(self) -> None:
        for viewer in self.viewers:
            self.stage.leave(viewer)
        await self.playing
        for task in self.tasks:
            task.cancel()
        self.artist.close()


def watched(session: Session | None, story: Callable[[Hall], Coroutine[Any, Any, None]], count: int = 1) -> None:
    async def told() -> None:
        hall = Hall(session, count)
        try:
            await story(hall)
        finally:
            await hall.close()

    play(told)


def test_what_a_run_publishes_is_sent_to_all_in_the_same_bytes(session: Session) -> None:
    async def story(hall: Hall) -> None:
        await until(lambda: all(pipe.sent for pipe in hall.pipes))
        first, second = (pipe.sent[0] for pipe in hall.pipes)
        assert first is second
        assert json.loads(first) == json.loads(drawn(session, session.snapshot(), LAYOUT).message())

    watched(session, story, count=2)


@pytest.mark.parametrize("is_asked", [True, False])
def test_a_board_whose_reader_waits_is_drawn_before_others(session: Session, is_asked: bool) -> None:
    async def story(hall: Hall) -> None:
        await until(lambda: hall.pipes[0].sent)
        begun, go_on, order = Event(), Event(), list[str]()

        def hold() -> None:
            begun.set()
            go_on.wait(20)

        hall.stage._seen = partial(noted, order, hall.stage._seen)  # type: ignore[method-assign]
        busy = asyncio.create_task(hall.artist.draw(hold))
        await until(begun.is_set)
        other = asyncio.create_task(hall.artist.draw(lambda: order.append("other")))
        await asyncio.sleep(0)
        hall.stage.wake()
        await until(lambda: len(hall.artist._waiting) == 2)
        if is_asked:
            hall.stage.ask()
            await asyncio.sleep(0)
        go_on.set()
        await asyncio.gather(busy, other)
        await until(lambda: "board" in order)
        assert order[:2] == (["board", "other"] if is_asked else ["other", "board"])

    watched(session, story)


def noted(order: list[str], see: Callable[..., Drawn], *seen: Any) -> Drawn:
    order.append("board")
    return see(*seen)


def test_an_answer_comes_at_once_with_its_numbers_first(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nnviz.ui.push.stage.LOOK_S", 1e6)
    monkeypatch.setattr("nnviz.ui.push.stage.GAP_S", 1e6)

    async def story(hall: Hall) -> None:
        (pipe,) = hall.pipes
        await until(lambda: pipe.sent)
        await asyncio.to_thread(session.step)
        await until(lambda: len(pipe.sent) > 2)
        numbers, whole = pipe.drawings[-2:]
        assert numbers["stamp"] == whole["stamp"] + ".numbers"
        assert numbers["answers"]
        assert not any("figure" in chart for chart in numbers["charts"])
        assert {counter["id"]: counter["value"] for counter in numbers["counters"]}["step"] == "1"
        assert any("figure" in chart for chart in whole["charts"])

    watched(session, story)


def test_what_comes_of_an_answer_is_drawn_soon_after_it_and_all_else_waits_for_the_gap(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nnviz.ui.push.stage.GAP_S", 1e6)

    async def story(hall: Hall) -> None:
        await asyncio.to_thread(session.play)
        await until(lambda: session.run.latest().lanes[0].step > 50)
        await settled(hall)
        before = len(wholes(hall))
        await asyncio.to_thread(session.turn, "optimizer.lr", 0.001)
        await until(lambda: len(wholes(hall)) == before + 2)  # one drawing more than the answer
        shown = await settled(hall)
        await until(lambda: taking(hall) and session.run.latest().lanes[0].step > shown + 100)
        await rest()
        assert step_of(taking(hall)) == shown  # and no other

    watched(session, story)


def test_what_goes_on_by_itself_waits_for_the_gap(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nnviz.ui.push.stage.GAP_S", 1e6)
    monkeypatch.setattr("nnviz.ui.push.stage.FIRST_S", 1e6)

    async def story(hall: Hall) -> None:
        (pipe,) = hall.pipes
        await asyncio.to_thread(session.play)
        await until(lambda: session.run.latest().lanes[0].step > 20)
        hall.viewers[0].took()
        await rest()
        assert all(int(counter["value"]) <= 1 for counter in pipe.drawings[-1]["counters"] if counter["id"] == "step")

    watched(session, story)


async def settled(hall: Hall) -> int:
    """Wait until nothing more is drawn, however slow the machine is; return the step that is shown then."""
    shown, calm = step_of(taking(hall)), 0
    while calm < 4:  # looks in a row: on a busy machine a drawing may be long under way
        await rest(200)
        shown, before = step_of(taking(hall)), shown
        calm = calm + 1 if shown == before else 0
    return shown


def wholes(hall: Hall) -> list[dict[str, Any]]:
    """List what a browser that takes everything was sent, numbers that went ahead aside."""
    return [found for found in taking(hall).drawings if "answers" not in found]


def taking(hall: Hall) -> Pipe:
    """Let the first browser take whatever comes."""
    hall.viewers[0].flying = 0
    return hall.pipes[0]


def stamp_of(pipe: Pipe, name: str) -> int:
    """The stamp under which a chart was sent or mentioned last."""
    return next(int(chart["stamp"]) for chart in pipe.drawings[-1]["charts"] if chart["id"] == name)


def test_charts_that_nobody_sees_stay_as_they_were_until_seen_and_at_rest_all_are_drawn(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nnviz.ui.push.stage.UNSEEN_S", 1e6)
    monkeypatch.setattr("nnviz.ui.push.stage.REST_S", 1e6)

    async def goes_on(hall: Hall, count: int) -> None:
        step = step_of(hall.pipes[0])
        await until(lambda: step_of(taking(hall)) >= step + count)

    async def story(hall: Hall) -> None:
        (pipe,), (viewer,) = hall.pipes, hall.viewers
        await until(lambda: pipe.sent)
        viewer.sight = frozenset({"loss"})
        await asyncio.to_thread(session.play)
        await goes_on(hall, 10)
        loss, weights = stamp_of(pipe, "loss"), stamp_of(pipe, "weights")
        await goes_on(hall, 60)
        assert (stamp_of(pipe, "loss") != loss, stamp_of(pipe, "weights") == weights) == (True, True)
        assert pipe.drawings[-1]["stamp"].endswith(("~weights", ".numbers"))
        viewer.sight = frozenset({"weights"})
        hall.stage.wake()
        await goes_on(hall, 30)
        assert stamp_of(pipe, "weights") != weights
        await asyncio.to_thread(session.pause)
        monkeypatch.setattr("nnviz.ui.push.stage.REST_S", 0.3)
        whole = drawn(session, session.snapshot(), LAYOUT)
        await until(lambda: taking(hall).drawings[-1]["stamp"] == whole.stamp)
        assert {name: stamp_of(pipe, name) for name in whole.stamps} == whole.stamps
        count = len(taking(hall).drawings)
        hall.stage.wake()
        await asyncio.sleep(0.5)
        assert len(pipe.drawings) == count  # once all are drawn there is nothing more to say

    watched(session, story)


def test_of_a_fresh_run_charts_that_nobody_sees_are_drawn_too(session: Session) -> None:
    before = drawn(session, session.snapshot(), LAYOUT)
    session.restart(SMALL.with_(seed=5), is_started=False)
    assert wait_for(lambda: session.snapshot().scene)
    after = drawn(session, session.snapshot(), LAYOUT, frozenset())
    assert not after.stale
    assert after.stamps["weights"] != before.stamps["weights"]


def test_charts_that_nobody_sees_are_drawn_now_and_then(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nnviz.ui.push.stage.UNSEEN_S", 0.3)

    async def story(hall: Hall) -> None:
        (pipe,), (viewer,) = hall.pipes, hall.viewers
        viewer.sight = frozenset()
        await until(lambda: pipe.sent)
        before = stamp_of(pipe, "weights")
        await asyncio.to_thread(session.play)
        await until(lambda: stamp_of(taking(hall), "weights") != before)

    watched(session, story)


def test_a_slow_phone_holds_nobody_up(session: Session) -> None:
    async def story(hall: Hall) -> None:
        hall.pipes[0].is_stuck = True
        for count in range(1, 4):
            await asyncio.to_thread(session.step)
            await until(lambda steps=count: step_of(hall.pipes[1]) == steps)  # type: ignore[misc]
            hall.viewers[1].flying = 0
        assert not hall.pipes[0].sent
        hall.pipes[0].is_stuck = False
        await until(lambda: step_of(hall.pipes[0]) == 3)

    watched(session, story, count=2)


def step_of(pipe: Pipe) -> int:
    counters = pipe.drawings[-1]["counters"] if pipe.sent else []
    return next((int(counter["value"]) for counter in counters if counter["id"] == "step"), -1)


def test_a_run_that_nobody_sees_falls_asleep_and_wakes_for_who_comes(session: Session) -> None:
    async def story(hall: Hall) -> None:
        (viewer,) = hall.viewers
        session.run.patience = 1.0  # type: ignore[attr-defined]
        await asyncio.to_thread(session.play)
        await asyncio.sleep(2.5)
        assert session.run.peek().status == Status.RUNNING  # it is looked at
        viewer.show(True)
        await until(lambda: session.run.peek().status == Status.ASLEEP)
        await asyncio.sleep(0.6)
        assert session.run.peek().status == Status.ASLEEP  # nor does it wake itself by the news of its sleep
        viewer.show(False)
        await until(lambda: session.run.peek().status == Status.RUNNING)

    watched(session, story)


def test_a_fresh_run_takes_the_place_of_the_old_one_and_is_listened_to(session: Session) -> None:
    async def story(hall: Hall) -> None:
        (pipe,) = hall.pipes
        await until(lambda: pipe.sent)
        old = session.run
        await asyncio.to_thread(session.restart, SMALL.with_(seed=5), is_started=False)
        await until(lambda: pipe.drawings[-1]["at"][0] == 1)
        hall.viewers[0].flying = 0
        await asyncio.to_thread(session.step)
        await until(lambda: step_of(pipe) == 1)
        assert not old._listeners  # type: ignore[attr-defined]

    watched(session, story)


def test_what_is_drawn_of_a_run_that_has_been_replaced_meanwhile_does_not_stand_for_the_new_one(
    session: Session,
) -> None:
    layout = replace(LAYOUT, charts=("field",))
    old = session.glance()
    session.edit(lambda spec: spec.with_(dataset=Choice.of("moons", size=100, noise=0.5)))
    assert wait_for(lambda: session.snapshot().scene)
    late, new = drawn(session, old, layout), drawn(session, session.snapshot(), layout)
    assert [drawing.head["at"][0] for drawing in (late, new)] == [0, 1]
    assert late.stamps != new.stamps


def test_the_page_is_told_what_it_should_look_like(session: Session) -> None:
    faces = [drawn(session, session.snapshot(), LAYOUT).head["face"]]
    session.turn("optimizer.lr", 0.02)
    faces.append(drawn(session, session.snapshot(), LAYOUT).head["face"])
    session.play()
    faces.append(drawn(session, session.snapshot(), LAYOUT).head["face"])
    assert len(set(faces)) == 3
    assert drawn(session, session.snapshot(), replace(LAYOUT, is_watched=True)).head["face"] == faces[-1]


def test_when_all_have_left_nothing_is_drawn_and_no_listener_stays(session: Session) -> None:
    async def story(hall: Hall) -> None:
        await until(lambda: hall.pipes[0].sent)
        assert session.run._listeners  # type: ignore[attr-defined]
        hall.stage.leave(hall.viewers[0])
        await hall.playing
        assert not session.run._listeners  # type: ignore[attr-defined]

    watched(session, story)


def test_a_session_that_is_gone_ends_its_stage() -> None:
    async def story(hall: Hall) -> None:
        await hall.playing
        assert hall.stage.is_gone

    watched(None, story)


def test_the_gap_grows_where_many_look_and_more_where_they_cost_training_its_speed(session: Session) -> None:
    async def story(hall: Hall) -> None:
        await until(lambda: bool(hall.pipes[0].sent))  # whose run it looks at is known then
        usual = hall.stage.gap
        hall.stage.viewers = {Viewer(Pipe()) for _ in range(1000)}
        for pace, growth in (1.0, 2), (0.0, 8):
            session.run.pace = pace
            assert hall.stage.gap > growth * usual
        hall.stage.viewers = set()

    watched(session, story)


def test_charts_move_by_themselves_as_often_as_the_server_is_told(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel_module, "environment", lambda: Environment(hz=0.5))

    async def story() -> None:
        assert Channel().stage(Wanted(session.id, LAYOUT, str)).gap == 2.0
        await rest()

    play(story)
