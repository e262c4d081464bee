"""Branches: lanes that go on from where another one was, and what is kept for them."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pytest
import torch
from numpy.testing import assert_array_equal

from nnviz.records.moments import moments_of, record_at, until
from nnviz.records.run import Comparison, Snapshot
from nnviz.records.size import bytes_of
from nnviz.records.status import Status
from nnviz.runs.branch import MOST_LANES
from nnviz.runs.checkpoints import Checkpoints
from nnviz.runs.history import MOST, History
from nnviz.runs.lane_spec import LaneSpec
from nnviz.runs.pool import Pool
from nnviz.runs.run import Run
from nnviz.sessions.branches import fork, knobs_at, let_go, start_of
from nnviz.sessions.session import Session
from nnviz.specs.experiment import Change, Choice, ExperimentSpec
from nnviz.training import Experiment, Observer
from tests.runs import SMALL, wait_for

ENDLESS = SMALL.with_(epochs=0)
SHORT = SMALL.with_(epochs=3)


@pytest.fixture
def pool() -> Iterator[Pool]:
    pool = Pool()
    yield pool
    pool.close()


def stored(spec: ExperimentSpec, pool: Pool) -> Run:
    return Run([LaneSpec(spec, "Run", 0, id="0", is_stored=True)], pool=pool)


def stepped(run: Run, *counts: int) -> Snapshot:
    """Do some updates, with a rest after each number of them, where all is measured."""
    for count in counts:
        goal = run.peek().lanes[0].step + count
        run.step(count)
        assert wait_for(partial(has_come, run, goal))
    return run.snapshot()


def has_come(run: Run, goal: int) -> bool:
    return run.snapshot().lanes[0].step == goal and run.peek().status == Status.PAUSED


def joined(run: Run, count: int) -> Snapshot:
    assert wait_for(lambda: len(run.snapshot().lanes) == count)
    return run.snapshot()


# ---- what a branch trains


def test_a_branch_without_a_change_repeats_its_parent_to_the_bit(pool: Pool) -> None:
    run = stored(ENDLESS, pool)
    stepped(run, 7, 7, 7)
    run.fork("0", 7)
    parent, branch = stepped(run, 14).lanes
    assert branch.since == 7
    assert branch.step == 21
    assert branch.curve.losses.tolist() == parent.curve.losses.tolist()[:21]
    assert (branch.parent, branch.start_hash) == ("0", parent.start_hash)
    once = stored(ENDLESS, pool)
    assert branch.order_hash == stepped(once, 21).lanes[0].order_hash


def test_a_branch_from_a_run_with_a_thinned_curve_repeats_what_is_kept_of_it(pool: Pool) -> None:
    run = stored(ENDLESS, pool)
    stepped(run, 5000, 100)
    run.fork("0", 5000)
    parent, branch = stepped(run, 100).lanes
    assert parent.curve.stride == branch.curve.stride == 2
    assert_array_equal(branch.curve.losses, parent.curve.losses[: 5100 // 2])
    assert_array_equal(branch.curve.highs[0], parent.curve.highs[0][: 5100 // 2])


def test_a_change_is_made_where_the_branch_begins_and_its_parent_knows_nothing_of_it(pool: Pool) -> None:
    run = stored(ENDLESS, pool)
    stepped(run, 5, 5)
    run.fork("0", 5, [Change(5, "optimizer.lr", 0.25), Change(5, "batch_size", 7)])
    parent, branch = stepped(run, 5).lanes
    assert [(change.step, change.target) for change in branch.journal] == [(5, "optimizer.lr"), (5, "batch_size")]
    assert parent.journal == ()
    planned = stored(ENDLESS, pool)
    for change in branch.journal:
        planned.apply(change)
    assert stepped(planned, 10).lanes[0].curve.losses.tolist() == branch.curve.losses.tolist()


def test_another_optimizer_begins_with_a_fresh_memory_on_the_weights_that_were_there(pool: Pool) -> None:
    spec = ENDLESS.with_(optimizer=Choice("adam"))
    run = stored(spec, pool)
    stepped(run, 6)
    run.fork("0", 6, optimizer=Choice.of("momentum", lr=0.1))
    stepped(run, 1)
    (lane,) = run._engine.lanes[1:]
    experiment = lane.experiment
    assert experiment is not None
    straight = Experiment(spec)
    straight.advance(6)
    assert torch.equal(experiment.before, straight.flat.parameter.detach())
    assert torch.equal(experiment.flat.parameter, experiment.before - 0.1 * experiment.flat.gradient)
    assert run.peek().lanes[1].curve.losses.tolist() == run.peek().lanes[0].curve.losses.tolist()[:7]


def test_a_run_that_is_over_goes_on_as_a_branch(pool: Pool) -> None:
    run = stored(SHORT, pool)
    run.start()
    assert run.join(30)
    end = run.peek().lanes[0].step
    run.fork("0", end)
    run.start()
    assert wait_for(lambda: joined(run, 2).lanes[1].step > end)
    assert run.peek().lanes[0].step == end
    assert run.peek().lanes[1].spec.epochs == 0
    run.fork("0", 0)  # from the beginning it ends where its parent did
    assert wait_for(lambda: joined(run, 3).lanes[2].status == Status.DONE)
    assert_array_equal(run.peek().lanes[2].curve.losses, run.peek().lanes[0].curve.losses)
    run.stop()


def test_what_is_asked_of_no_lane_or_of_too_many_or_of_one_that_keeps_nothing_is_refused_in_a_sentence(
    pool: Pool,
) -> None:
    run = stored(ENDLESS, pool)
    stepped(run, 2)
    with pytest.raises(ValueError, match="there is no lane 'x'; choose one of 0"):
        run.fork("x", 0)
    with pytest.raises(ValueError, match="cannot change live"):
        run.fork("0", 0, [Change(0, "optimizer.speed", 1.0)])
    for _ in range(MOST_LANES - 1):
        run.fork("0", 1)
    with pytest.raises(ValueError, match="a run has at most 8 lanes"):
        run.fork("0", 1)
    assert len({lane.id for lane in joined(run, MOST_LANES).lanes}) == MOST_LANES
    plain = Run([LaneSpec(ENDLESS, "Run", 0)], pool=pool)
    with pytest.raises(ValueError, match="keeps no moments to go on from"):
        plain.fork("0", 0)


# ---- what is kept


def test_the_best_the_first_the_latest_and_those_beside_a_change_are_never_thinned_away() -> None:
    record = Observer(Experiment(SMALL)).measure()
    history = History()
    for step in range(20 * MOST):
        if step == 333:
            history.mark_change()
        history.add(replace(record, step=step, test_loss=0.5 if step == 777 else 1.0))
    steps = {kept.step for kept in history.records}
    assert {0, 332, 333, 777, 20 * MOST - 1} <= steps
    assert len(steps) <= MOST


def test_records_are_there_in_full_while_there_is_room() -> None:
    record = Observer(Experiment(SMALL)).measure()
    each = bytes_of(record.readings) - bytes_of(record.as_kept().readings)
    assert each > 1000
    history = History(full_bytes=10 * each)
    for step in range(100):
        history.add(replace(record, step=step))
        assert len(history.full) <= 11
    assert len(history.records) == 100
    assert (history.full[0], history.full[-1]) == (0, 99)
    assert [kept.step for kept in history.records if kept.field is not None] == list(history.full)


def test_checkpoints_stay_within_their_room_and_keep_the_first_and_what_is_fixed() -> None:
    experiment = Experiment(SMALL)
    checkpoint = experiment.checkpoint(with_curve=False)
    kept = Checkpoints(most_bytes=10 * bytes_of(checkpoint))
    for step in range(200):
        kept.add(replace(checkpoint, step=step), range(200), fixed={77})
        assert len(kept.steps) <= 10
    assert {0, 77, 199} <= set(kept.steps)
    assert kept.before(78).step == 77
    assert kept.before(-1).step == 0


# ---- an earlier moment


def test_a_run_as_it_was_is_what_it_was(pool: Pool) -> None:
    run = stored(ENDLESS, pool)
    then = stepped(run, 20, 20)
    run.apply(Change(0, "optimizer.lr", 0.01))
    now = stepped(run, 60)
    assert moments_of(now)[-1] == 100
    seen = until(now, 40).lanes[0]
    was = then.lanes[0]
    assert (seen.step, seen.epoch, seen.seconds) == (was.step, was.epoch, was.seconds)
    assert_array_equal(seen.curve.losses, was.curve.losses)
    assert [part.step for part in seen.evaluations] == [part.step for part in was.evaluations]
    assert seen.records[-1].readings.keys() == was.records[-1].readings.keys()
    assert_array_equal(seen.records[-1].field.values, was.records[-1].field.values)  # type: ignore[union-attr]
    assert seen.marks == ()
    assert until(now, 39).lanes[0].step == record_at(now.lanes[0], 39).step < 40  # type: ignore[union-attr]
    assert until(now, 100) == replace(now, ghosts=())


# ---- a session


def test_a_branch_of_a_session_is_steered_and_looked_at_until_it_is_let_go(pool: Pool) -> None:
    session = Session(ENDLESS, "ann", pool)
    assert isinstance(session.run, Run)
    stepped(session.run, 5, 5)
    fork(session, 5, {"optimizer.lr": 0.5})
    joined(session.run, 2)
    snapshot = session.snapshot()
    assert snapshot.comparison == Comparison.BRANCH
    assert snapshot.lanes[0].parent == "0"
    assert session.knob("optimizer.lr", snapshot) == 0.5
    session.turn("optimizer.lr", 0.25)
    assert wait_for(lambda: session.run.peek().lanes[1].knobs["optimizer.lr"] == 0.25)
    assert session.run.peek().lanes[0].knobs["optimizer.lr"] != 0.25
    assert session.present_spec(session.snapshot()).optimizer.knobs["lr"] == 0.25
    stepped(session.run, 5)
    again = Session(session.replay(session.snapshot()), "bob", pool)
    assert isinstance(again.run, Run)
    stepped(again.run, 10)
    assert_array_equal(again.snapshot().lanes[0].curve.losses, session.snapshot().lanes[0].curve.losses)
    let_go(session, session.focus)
    assert wait_for(lambda: len(session.run.peek().lanes) == 1)
    assert session.focus == 0
    let_go(session, 0)
    assert len(session.run.specs) == 1


def test_a_fresh_run_has_no_branches(pool: Pool) -> None:
    session = Session(ENDLESS, "ann", pool)
    assert isinstance(session.run, Run)
    stepped(session.run, 5)
    fork(session, 5, {}, Choice("adam"))
    joined(session.run, 2)
    assert session.spec.optimizer.name == "adam"
    session.edit(lambda spec: spec.with_(seed=7))
    assert session.focus == 0
    assert (session.spec.seed, session.spec.optimizer.name) == (7, "adam")
    assert len(session.snapshot().lanes) == 1
    session.undo(session.generation)
    assert session.focus == 1
    assert len(session.snapshot().lanes) == 2


def test_knobs_are_told_as_they_were_at_a_moment(pool: Pool) -> None:
    run = stored(ENDLESS.with_(optimizer=Choice.of("sgd", lr=0.1)), pool)
    stepped(run, 5)
    run.apply(Change(0, "optimizer.lr", 0.2))
    lane = stepped(run, 5).lanes[0]
    assert [knobs_at(lane, step)["optimizer.lr"] for step in (0, 5, 6, 10)] == [0.1, 0.1, 0.2, 0.2]
    assert start_of(lane, 7) == 5
