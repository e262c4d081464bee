"""The slider over a run: what a board shows of an earlier moment, and to whom it is sent."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st

from nnviz.catalog import MODELS
from nnviz.charts import CHARTS
from nnviz.records.run import Snapshot
from nnviz.records.status import Status
from nnviz.runs.pool import Pool
from nnviz.runs.run import Run
from nnviz.sessions.branches import fork
from nnviz.sessions.model import ModelSession
from nnviz.sessions.race import RaceSession
from nnviz.sessions.session import Session
from nnviz.specs.experiment import Change, Choice
from nnviz.specs.pairing import Pairing
from nnviz.specs.race import RaceSpec
from nnviz.ui.board.layout import Layout
from nnviz.ui.board.looked_back import as_seen, take_past
from nnviz.ui.board.message import drawn
from nnviz.ui.board.wanted import Wanted, wants
from nnviz.ui.push import channel as channel_module
from nnviz.ui.push.channel import Channel
from nnviz.ui.registry import registry
from tests.push import play, until
from tests.runs import SMALL, wait_for
from tests.test_push_lines import Drawing, attended

PLAIN = Layout(has_past=True)
ENDLESS = SMALL.with_(epochs=0)


@pytest.fixture
def pool() -> Iterator[Pool]:
    pool = Pool()
    yield pool
    pool.close()


def stepped(session: Session, count: int) -> Snapshot:
    goal = session.run.peek().lanes[0].step + count
    session.run.step(count)
    assert wait_for(lambda: session.run.peek().lanes[0].step == goal and session.run.peek().status == Status.PAUSED)
    return session.snapshot()


def at(moment: int, layout: Layout = PLAIN) -> Layout:
    return replace(layout, view=replace(layout.view, moment=moment))


def told(session: Session, snapshot: Snapshot, layout: Layout) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(drawn(session, snapshot, layout).message())
    return found


def figures(message: dict[str, Any]) -> dict[str, Any]:
    names = ("figure", "table", "network")
    return {card["id"]: [card.get(name) for name in names] for card in message["charts"]}


def sessions(pool: Pool) -> dict[str, Session]:
    return {
        "train": Session(ENDLESS, "ann", pool),
        "race": RaceSession(RaceSpec(ENDLESS, (Choice("sgd"), Choice("adam"))), "ann", pool),
        "model": ModelSession(Pairing(MODELS["autoencoder"].usual.with_(epochs=0)), "ann", pool),
    }


@pytest.mark.parametrize("kind", ["train", "race", "model"])
def test_what_shows_one_moment_is_drawn_as_it_was_then_and_what_shows_the_whole_run_as_it_is(
    kind: str, pool: Pool
) -> None:
    session = sessions(pool)[kind]
    stepped(session, 10)
    was = told(session, stepped(session, 10), PLAIN)
    stepped(session, 10)
    now = told(session, stepped(session, 10), PLAIN)
    then = told(session, session.snapshot(), at(20))
    before, after, seen = figures(was), figures(now), figures(then)
    assert before.keys() == after.keys() == seen.keys()
    over_time = {name for name in seen if name in CHARTS and CHARTS[name].over_time}
    assert len(over_time) >= 2
    changing = [name for name in seen if name not in over_time and before[name] != after[name]]
    assert len(changing) >= 2
    for name in seen.keys() - {"lane_cost"}:  # whose seconds are counted in another way
        assert seen[name] == (after if name in over_time else before)[name], name
    counters = [{each["id"]: each["value"] for each in message["counters"]} for message in (was, then)]
    now_only = {"speed", "order"}  # the batches until then have no name any more
    assert {name for name, value in counters[0].items() if counters[1][name] != value} <= now_only


@pytest.mark.parametrize("page", ["train", "race"])
def test_the_slider_has_its_place_before_there_is_anything_to_go_back_to(pool: Pool, page: str) -> None:
    session = sessions(pool)[page]
    session.begin(is_started=False)
    assert wait_for(lambda: session.snapshot().scene is not None)
    bar = told(session, session.snapshot(), PLAIN)["past"]
    assert (bar["steps"], bar["seen"], bar["text"], bar["marks"], bar["fork"]) == ([0], 0, "Now: update 0", [], False)


def test_the_slider_tells_the_moments_and_what_happened_when(pool: Pool) -> None:
    session = sessions(pool)["train"]
    stepped(session, 10)
    session.turn("optimizer.lr", 0.2)
    stepped(session, 10)
    fork(session, 10, {})
    assert wait_for(lambda: len(session.snapshot().lanes) == 2)
    session.focus_on(0)
    bar = told(session, session.snapshot(), PLAIN)["past"]
    assert {0, 10} < set(bar["steps"])
    assert bar["steps"][-1] == 20
    assert (bar["at"], bar["seen"], bar["cursor"], bar["text"]) == (None, 20, None, "Now: update 20")
    kinds = {mark["kind"]: (mark["at"], mark["text"]) for mark in bar["marks"]}
    assert kinds["change"] == (10, "10: Learning rate 0.01 → 0.2")
    assert kinds["fork"] == (10, "10: Branch 1 begins")
    assert 0 < kinds["best"][0] <= 20
    assert bar["fork"]
    then = told(session, session.snapshot(), at(13))["past"]
    assert (then["at"], then["seen"], then["cursor"], then["text"]) == (13, 10, 10.0, "Update 10 of 20")
    assert (
        told(session, session.snapshot(), at(13))["status"]["text"] == "Every chart shows the moment after update 10."
    )
    assert not told(session, session.snapshot(), replace(PLAIN, is_watched=True))["past"]["fork"]
    assert "past" not in told(session, session.snapshot(), Layout())
    assert told(session, session.snapshot(), at(99))["past"]["text"] == "Now: update 20"


@pytest.mark.parametrize("moment", [13, None, -1, True, 1.5, "x"])
def test_a_moment_that_the_page_was_told_is_the_reader_s_for_as_long_as_this_run_is_shown(
    moment: Any, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = sessions(pool)["train"]
    snapshot = stepped(session, 20)
    run = told(session, snapshot, PLAIN)["past"]["run"]
    monkeypatch.setattr(st, "session_state", {"board": {"past": {"run": run, "at": moment, "n": 1}}})
    take_past("board", session.id, session.generation)
    seen = at(13) if moment == 13 else PLAIN
    assert as_seen(session, snapshot, PLAIN) == seen
    assert as_seen(session, snapshot, Layout()) == Layout()  # which has no past
    other = ModelSession(Pairing(MODELS["autoencoder"].usual.with_(epochs=0)), "ann", pool)
    assert as_seen(other, other.snapshot(), PLAIN) == PLAIN
    session.restart(session.spec, is_started=False)
    assert as_seen(session, session.snapshot(), PLAIN) == PLAIN


def lined_up(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> Session:
    """Return a run of twenty updates, rested after ten, that lines may be opened for."""
    session = sessions(pool)["train"]
    stepped(session, 10)
    stepped(session, 10)
    registry().sessions[session.id] = session
    monkeypatch.setattr(channel_module, "loading", lambda: SimpleNamespace(wait=lambda _: True))
    return session


def test_each_who_looks_is_sent_the_moment_that_was_asked_for(
    pool: Pool, own_registry: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = lined_up(pool, monkeypatch)
    name = wants().name(Wanted(session.id, PLAIN, str))
    lines = Channel()

    async def story() -> None:
        here, there = Drawing({"want": name, "have": {}}), Drawing({"want": name, "have": {}, "past": 10})
        tasks = [asyncio.create_task(attended(lines, each)) for each in (here, there)]
        await until(lambda: moment(here) == (None, 20) and moment(there) == (10, 10))
        await asyncio.to_thread(session.step)
        await until(lambda: moment(here) == (None, 21) and moment(there) == (10, 10) and ends(there) == 21)
        there.says.append({"want": name, "have": {}})
        there.says[-1] = json.dumps(there.says[-1])
        await until(lambda: moment(there) == (None, 21))
        for each in (here, there):
            each.has_left = True
        await asyncio.gather(*tasks)

    play(story)
    lines._artist.close()


def moment(socket: Drawing) -> tuple[int | None, int] | None:
    past = socket.drawings[-1].get("past") if socket.sent else None
    return (past["at"], past["seen"]) if past else None


def ends(socket: Drawing) -> int:
    return int(socket.drawings[-1]["past"]["steps"][-1])


def test_a_board_that_has_no_past_shows_the_present_whatever_is_asked(
    pool: Pool, own_registry: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = lined_up(pool, monkeypatch)
    lines = Channel()

    async def story() -> None:
        line = Drawing({"want": wants().name(Wanted(session.id, Layout(), str)), "have": {}, "past": 10})
        task = asyncio.create_task(attended(lines, line))
        await until(lambda: line.sent and "counters" in line.drawings[-1])
        steps = {each["id"]: each["value"] for each in line.drawings[-1]["counters"]}
        assert steps["step"] == "20"
        line.has_left = True
        await task

    play(story)
    lines._artist.close()


def test_a_change_after_a_moment_is_no_part_of_it(pool: Pool) -> None:
    session = sessions(pool)["train"]
    stepped(session, 10)
    assert isinstance(session.run, Run)
    session.run.apply(Change(0, "optimizer.lr", 0.2))
    stepped(session, 10)
    assert told(session, session.snapshot(), at(10))["log"]  # what happened to the run stays told
