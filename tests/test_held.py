"""A slider that is held turns its knob by the line; what the page says later of it is known again and does nothing."""

import asyncio
import json
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from nnviz.records.run import Snapshot
from nnviz.records.status import Status
from nnviz.runs.pool import Pool
from nnviz.runs.run import Run
from nnviz.sessions.session import Session
from nnviz.specs.experiment import Change
from nnviz.ui.board.wanted import Wanted
from nnviz.ui.held import Told, told
from nnviz.ui.push.knobs import turn_held
from nnviz.ui.push.newest import Newest
from nnviz.ui.push.request import read
from nnviz.ui.push.turns import hold
from nnviz.ui.registry import registry
from tests.push import LAYOUT, play, small_session, until
from tests.runs import SMALL, wait_for
from tests.test_pages import built, open_train, session_of, settled
from tests.widgets import widget

session = pytest.fixture(small_session)
HAND = ("session", "here", "optimizer.lr")


# ---- what was told


def test_what_a_page_says_is_known_again_once_and_all_that_came_before_it_is_said_with_it() -> None:
    found = Told()
    for value in (0.1, 0.3, 1.0):
        found.note(HAND, value)
    assert not found.is_echo(HAND, 0.03)
    assert not found.is_echo(("session", "there", "optimizer.lr"), 0.3)
    assert found.is_echo(HAND, 0.3)
    assert not found.is_echo(HAND, 0.1)
    assert found.is_ahead(HAND, 1.0)
    assert not found.is_ahead(HAND, 0.3)
    assert found.is_echo(HAND, 1.0)
    assert not found.is_ahead(HAND, 1.0)


def test_of_what_waits_only_the_newest_is_done() -> None:
    done: list[int] = []

    async def story() -> None:
        gate = asyncio.Event()

        async def act(word: int) -> None:
            done.append(word)
            await gate.wait()

        newest = Newest(act)
        newest.take(1)
        await until(lambda: done)
        for word in (2, 3, 4):
            newest.take(word)
        gate.set()
        await until(lambda: len(done) > 1)
        newest.take(5)
        await until(lambda: len(done) > 2)

    play(story)
    assert done == [1, 4, 5]


# ---- by the line


def held(session: Session, slider: str, place: float, text: str, visitor: str = "ann") -> bool:
    registry().sessions[session.id] = session
    word = {"tab": "here", "slider": slider, "place": place, "text": text}
    assert read(json.dumps({"knob": word})).knob == word
    return hold(Wanted(session.id, LAYOUT, str), visitor, word)


@pytest.mark.usefixtures("own_registry")
@pytest.mark.parametrize(
    ("slider", "place", "text", "target", "value"),
    [
        ("live-adam-lr", 3, "0.003", "optimizer.lr", 0.003),
        ("live-adam-lr-2", 3, "0.03", "optimizer.lr", 0.03),
        ("live-adam-beta1", 0.5, "0.50", "optimizer.beta1", 0.5),
        ("live-batch_size", 3, "8", "batch_size", 8.0),
    ],
)
def test_a_slider_turns_its_knob_to_the_words_or_the_place_where_it_stands(
    session: Session, slider: str, place: float, text: str, target: str, value: float
) -> None:
    assert held(session, slider, place, text)
    assert session.knob(target, session.run.peek()) == value
    assert told().is_ahead((session.id, "here", target), value)
    assert held(session, slider, place, text)  # once more, as a hand that rests
    assert session.turns == 1


@pytest.mark.usefixtures("own_registry")
@pytest.mark.parametrize(
    ("slider", "place", "text", "visitor"),
    [
        ("live-adam-lr", 3, "0.003", "bob"),
        ("live-adam-lr", 3, "0.0031", "ann"),
        ("live-sgd-lr", 3, "0.003", "ann"),
        ("set-epochs", 3, "4", "ann"),
        ("live-adam-beta1", 7.5, "7.50", "ann"),
    ],
    ids=["a stranger", "no stop", "another rule", "no knob", "out of range"],
)
def test_what_cannot_be_done_changes_nothing_and_is_left_to_the_page(
    session: Session, slider: str, place: float, text: str, visitor: str
) -> None:
    assert not held(session, slider, place, text, visitor)
    assert session.turns == 0
    assert session.run.peek().lanes[0].knobs == session.snapshot().lanes[0].knobs
    assert not told().is_ahead((session.id, "here", "optimizer.beta1"), place)


SOUND = {"tab": "", "slider": "", "place": 1, "text": ""}


@pytest.mark.parametrize(
    "knob", [{}, {**SOUND, "slider": 1}, {**SOUND, "place": "1"}, {**SOUND, "place": float("nan")}, {**SOUND, "x": 1}]
)
def test_what_no_slider_says_is_refused(knob: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="knob"):
        read(json.dumps({"knob": knob}))


# ---- by the page


@pytest.fixture
def page(own_registry: None) -> Iterator[AppTest]:
    page = built(open_train({"dataset": "moons", "epochs": "0"}))
    page.button(key="bar.play").click().run()
    settled(page, Status.RUNNING)
    yield page
    assert not page.exception


def rate(session: Session) -> float:
    return session.knob("optimizer.lr", session.snapshot())


def by_line(page: AppTest, *texts: str) -> None:
    for text in texts:
        assert turn_held(session_of(page), page.session_state["tab"], "live-adam-lr", 0, text)


def test_a_page_that_is_behind_its_hand_sets_neither_the_run_back_nor_the_slider(page: AppTest) -> None:
    session = session_of(page)
    by_line(page, "0.01", "0.03", "0.1")
    key = widget(page, "live.adam.lr").key
    for said in (0.01, 0.1):
        widget(page, "live.adam.lr").set_value(said).run()
        slider = widget(page, "live.adam.lr")
        assert (slider.key, slider.value) == (key, said)
        assert rate(session) == 0.1
    assert session.turns == 3 == page.session_state["turns"]
    assert wait_for(lambda: len(session.snapshot().lanes[0].journal) == 3)


def test_what_was_typed_since_stands(page: AppTest) -> None:
    session = session_of(page)
    by_line(page, "0.01", "0.03")
    widget(page, "live.adam.lr.typed").set_value("0.2").run()
    assert rate(session) == widget(page, "live.adam.lr").value == 0.2
    widget(page, "live.adam.lr").set_value(0.01).run()  # told before, but another hand's by now
    assert rate(session) == widget(page, "live.adam.lr").value == 0.01


def test_what_a_hand_holds_in_another_tab_of_the_same_browser_is_shown(page: AppTest) -> None:
    session = session_of(page)
    assert turn_held(session, "another", "live-adam-lr", 0, "0.01")
    page.run()
    assert widget(page, "live.adam.lr").value == rate(session) == 0.01


def test_what_another_tab_has_turned_since_is_shown(page: AppTest) -> None:
    session = session_of(page)
    by_line(page, "0.01")
    session.turn("optimizer.lr", 0.3)
    page.run()
    assert widget(page, "live.adam.lr").value == rate(session) == 0.3


# ---- by the run


def test_what_was_turned_is_shown_before_the_next_update() -> None:
    pool = Pool()
    run = Run([SMALL.with_(epochs=0)], pool=pool)
    seen: list[Snapshot] = []
    run.subscribe(lambda is_answer: seen.append(run.peek(0)))
    run.start()
    assert wait_for(lambda: run.latest().lanes[0].step > 50)
    for value in (0.1, 0.2, 0.3):
        run.apply(Change(0, "optimizer.lr", value))
        assert wait_for(lambda value=value: seen[-1].lanes[0].knobs["optimizer.lr"] == value)  # type: ignore[misc]
    run.stop()
    assert run.join(20)
    pool.close()
    for count in (1, 2, 3):
        first = next(snapshot.lanes[0] for snapshot in seen if len(snapshot.lanes[0].journal) == count)
        assert first.step == first.journal[-1].step


def test_what_is_asked_for_together_with_a_turn_is_answered_when_it_is_done() -> None:
    pool = Pool()
    run = Run([SMALL.with_(epochs=0)], pool=pool)
    seen: list[Snapshot] = []

    def turn_and_pause(is_answer: bool) -> None:
        seen.append(run.peek(0))
        if seen[-1].lanes[0].step > 50 and run.latest().asked is None and not seen[-1].lanes[0].journal:
            run.apply(Change(0, "optimizer.lr", 0.1))  # on the run's own thread: it takes both at one moment
            run.pause()

    run.subscribe(turn_and_pause)
    run.start()
    assert wait_for(lambda: run.peek().status == Status.PAUSED)
    run.stop()
    assert run.join(20)
    pool.close()
    assert {snapshot.status for snapshot in seen if snapshot.lanes[0].journal} <= {Status.PAUSED, Status.STOPPED}
