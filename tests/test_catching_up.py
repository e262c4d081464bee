"""A branch that began behind comes level with its parent while the others wait, and then goes in step."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from numpy.testing import assert_array_equal

from nnviz.records.run import Lane
from nnviz.records.status import Status
from nnviz.runs.branch import Branch, branch_of
from nnviz.runs.engine import Engine
from nnviz.runs.lane_spec import LaneSpec
from nnviz.runs.pending import PendingCommands
from nnviz.runs.pool import Pool
from nnviz.runs.run import Run
from nnviz.runs.threads import LaneThreads
from nnviz.sessions.branches import catch_up, fork
from nnviz.sessions.session import Session
from nnviz.ui.standing import standing
from tests.branched import ENDLESS, stepped
from tests.runs import wait_for

ROOT = LaneSpec(ENDLESS, "Run", 0, id="0", is_stored=True)


@pytest.fixture
def pool() -> Iterator[Pool]:
    pool = Pool()
    yield pool
    pool.close()


def turned(engine: Engine, goal: Status, steps: int = 0, pace: float = 0.0) -> Status:
    """Do a slice."""
    return engine.turn(PendingCommands(goal, steps=steps), pace, True, lambda: True).status


def at_rest(engine: Engine, updates: int) -> None:
    """Do so many updates of all lanes, one at a time, so that each is measured."""
    goal = engine.lanes[0].step + updates
    while engine.lanes[0].step < goal:
        turned(engine, Status.PAUSED, goal - engine.lanes[0].step)


def trailing(updates: int, *, is_catching_up: bool = True) -> Engine:
    """Return lanes of which the second one begins where the first one did, which has done so many updates since."""
    engine = Engine([ROOT], LaneThreads(0))
    engine.build()
    at_rest(engine, updates)
    entrant = replace(branch_of([ROOT], "0"), is_catching_up=is_catching_up)
    engine.change_lanes([Branch(entrant, 0)])
    return engine


def steps_of(engine: Engine) -> list[int]:
    return [lane.step for lane in engine.lanes]


def frozen(engine: Engine) -> tuple[Lane, ...]:
    return engine.freeze(Status.PAUSED)


def test_the_others_wait_whatever_the_pace_until_it_is_level_and_then_all_go_in_step() -> None:
    engine = trailing(300)
    assert [(lane.behind, lane.is_catching_up) for lane in frozen(engine)] == [(0, False), (300, True)]
    turned(engine, Status.RUNNING, pace=60.0)
    parent, branch = steps_of(engine)
    assert (parent, branch > 0) == (300, True)
    while engine.lanes[1].is_catching_up:
        turned(engine, Status.RUNNING, pace=60.0)
        assert engine.lanes[0].step == 300
    assert steps_of(engine) == [300, 300]
    assert [(lane.behind, lane.is_catching_up) for lane in frozen(engine)] == [(0, False), (0, False)]
    for _ in range(20):
        turned(engine, Status.RUNNING)
        assert len(set(steps_of(engine))) == 1
    assert engine.lanes[0].step > 300


def test_pausing_and_stepping_in_between_work_as_ever() -> None:
    engine = trailing(300)
    turned(engine, Status.RUNNING)
    behind = engine.lanes[1].behind
    assert turned(engine, Status.PAUSED) == Status.PAUSED
    assert engine.lanes[1].behind == behind
    at_rest(engine, 2)
    assert steps_of(engine) == [302, 302 - behind]
    assert frozen(engine)[1].is_catching_up
    while engine.lanes[1].is_catching_up:
        turned(engine, Status.RUNNING)
    assert steps_of(engine) == [302, 302]


def test_a_branch_without_a_change_is_level_with_the_same_losses_and_judged_at_the_same_updates() -> None:
    engine, alone = trailing(300), Engine([ROOT], LaneThreads(0))
    while engine.lanes[1].is_catching_up:
        turned(engine, Status.RUNNING)
    at_rest(engine, 150)
    alone.build()
    at_rest(alone, 450)
    parent, branch = frozen(engine)
    (once,) = frozen(alone)
    assert_array_equal(branch.curve.losses, once.curve.losses)
    assert_array_equal(parent.curve.losses, once.curve.losses)
    mine = {part.step: part.test_loss for part in branch.evaluations}
    assert mine.items() >= {part.step: part.test_loss for part in parent.evaluations}.items()
    assert (branch.order_hash, branch.start_hash) == (parent.order_hash, parent.start_hash)


def test_one_that_nobody_waits_for_trails_until_it_is_told_to_catch_up() -> None:
    engine = trailing(50, is_catching_up=False)
    for _ in range(5):
        turned(engine, Status.RUNNING)
        assert engine.lanes[0].step - engine.lanes[1].step == 50
    engine.wait_for("1", True)
    turned(engine, Status.RUNNING)
    engine.wait_for("1", False)
    trails = engine.lanes[0].step - engine.lanes[1].step
    assert 0 < trails < 50
    turned(engine, Status.RUNNING)
    assert engine.lanes[0].step - engine.lanes[1].step == trails


def test_the_furthest_behind_comes_first_and_a_branch_of_a_branch_comes_level_too() -> None:
    engine = trailing(40)
    entrant = replace(branch_of([lane.entrant for lane in engine.lanes], "0"), is_catching_up=True)
    engine.change_lanes([Branch(entrant, 0)])
    while engine.lanes[1].behind == 40:
        turned(engine, Status.RUNNING)
    entrant = replace(branch_of([lane.entrant for lane in engine.lanes], "1"), is_catching_up=True)
    engine.change_lanes([Branch(entrant, 0)])
    while any(lane.is_catching_up for lane in engine.lanes):
        turned(engine, Status.RUNNING)
        assert engine.lanes[0].step == 40
    assert steps_of(engine) == [40] * 4


def test_one_that_ends_on_the_way_lets_the_others_go_on() -> None:
    spec = ENDLESS.with_(epochs=1)
    root = replace(ROOT, spec=spec)
    engine = Engine([root], LaneThreads(0))
    engine.build()
    at_rest(engine, 1)
    entrant = replace(branch_of([root], "0"), is_catching_up=True)
    engine.change_lanes([Branch(entrant, 0)])
    while turned(engine, Status.RUNNING) == Status.RUNNING:
        pass
    assert [lane.status for lane in engine.lanes] == [Status.DONE, Status.DONE]
    assert frozen(engine)[1].behind == 0


def test_a_session_s_branch_catches_up_by_itself_and_the_page_says_so(pool: Pool) -> None:
    session = Session(ENDLESS, "ann", pool)
    before = stepped(session, 400).lanes[0]
    fork(session, 0, {"optimizer.lr": 0.002})
    assert wait_for(lambda: len(session.snapshot().lanes) == 2)
    running = replace(session.snapshot(), status=Status.RUNNING)
    assert "Branch 1 catches up: 400 updates to go. The others wait." in str(standing(running)["text"])
    session.play()
    assert wait_for(lambda: session.snapshot().lanes[0].step > 400)
    session.pause()
    assert wait_for(lambda: session.snapshot().status == Status.PAUSED)
    branch, parent = session.snapshot().lanes
    assert branch.step == parent.step
    assert_array_equal(parent.curve.losses[: len(before.curve.losses)], before.curve.losses)
    assert "catches up" not in str(standing(replace(session.snapshot(), status=Status.RUNNING))["text"])
    catch_up(session, 7, is_waited_for=True)  # one that is not there
    run = session.run
    assert isinstance(run, Run)
    assert len(run.lanes) == 2
