"""Branches of lanes that race or stand beside a twin: the others are untouched, and the link holds what is there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from nnviz.catalog import MODELS
from nnviz.catalog.check import check_race
from nnviz.catalog.links import read_pairing, read_race
from nnviz.charts.palette import lane_styles
from nnviz.charts.racers import racers
from nnviz.charts.standings import standings
from nnviz.export.course import course
from nnviz.export.files import courses
from nnviz.export.kept import KeptRun
from nnviz.records.moments import focused
from nnviz.records.run import Comparison, Lane
from nnviz.records.status import Status
from nnviz.runs.pool import Pool
from nnviz.runs.run import Run
from nnviz.sessions.branches import catch_up, fork, let_go
from nnviz.sessions.model import ModelSession
from nnviz.sessions.race import RaceSession
from nnviz.sessions.session import Session
from nnviz.specs.experiment import Choice
from nnviz.specs.pairing import Pairing
from nnviz.specs.race import DEFAULT_LANES, RaceSpec
from nnviz.ui.fairness import is_fair
from tests.branched import ENDLESS, stepped
from tests.runs import SMALL, wait_for
from tests.test_library import at_once as at_once  # a fixture
from tests.test_library import begun_again, opened

RACE = RaceSpec(ENDLESS, (Choice("sgd"), Choice("momentum"), Choice("adam")))
TWINS = Pairing(MODELS["autoencoder"].usual.with_(epochs=0, model=Choice.of("autoencoder", hidden="16")), "linear")


@pytest.fixture
def pool() -> Iterator[Pool]:
    pool = Pool()
    yield pool
    pool.close()


def losses(lanes: tuple[Lane, ...]) -> dict[int, list[float]]:
    return {lane.racer: lane.curve.losses.tolist() for lane in lanes}


def level(session: Session) -> None:
    """Train on until no lane is behind, and rest."""
    session.play()
    assert wait_for(lambda: not any(lane.behind for lane in session.snapshot().lanes))
    session.pause()
    assert wait_for(lambda: session.snapshot().status == Status.PAUSED)


def test_a_lane_of_a_race_is_branched_and_no_lane_is_touched_by_it(pool: Pool) -> None:
    session = RaceSession(RACE, "ann", pool)
    stepped(session, 6)
    session.turn("optimizer.lr", 0.3, 1)
    stepped(session, 6)
    fork(session, 6, {}, racer=1)
    fork(session, 6, {"batch_size": 7.0}, Choice.of("rmsprop", lr=0.01), racer=2)
    level(session)
    session.turn("optimizer.lr", 0.002, 4)
    snapshot = stepped(session, 5)
    assert snapshot.comparison == Comparison.RACE
    found = losses(snapshot.lanes)
    step = snapshot.lanes[0].step
    assert {len(each) for each in found.values()} == {step}
    alone = RaceSession(RACE, "bob", pool)
    stepped(alone, 6)
    alone.turn("optimizer.lr", 0.3, 1)
    assert losses(stepped(alone, step - 6).lanes) == {racer: found[racer] for racer in range(3)}
    assert found[3][:6] == found[1][:6]
    untouched = RaceSession(RACE, "bob", pool)
    assert losses(stepped(untouched, step).lanes)[1] == found[3]  # what was turned later in its parent is not in it
    again = RaceSession(read_race(session.replay(snapshot).to_query()), "bob", pool)
    assert losses(stepped(again, step).lanes) == found
    assert again.replay(again.snapshot()) == session.replay(snapshot)
    assert [lane.label for lane in again.snapshot().lanes][3:] == ["Branch 1", "Branch 2"]


def test_branches_of_a_race_have_looks_and_places_of_their_own_and_change_nobody_else_s(pool: Pool) -> None:
    session = RaceSession(RACE, "ann", pool)
    before = stepped(session, 6)
    fork(session, 3, {}, racer=0)
    fork(session, 3, {"batch_size": 9.0}, racer=2)
    after = stepped(session, 8)
    looks = lane_styles(after.lanes)
    assert looks[:3] == lane_styles(before.lanes)
    assert len(set(looks)) == 5
    assert sorted(part.label for part in standings(after)) == sorted(racer.label for racer in racers(after))
    assert {part.rank for part in standings(after)} == {1, 2, 3, 4, 5}
    assert is_fair(lane for lane in after.lanes if not lane.parent)
    assert session.focus == 0
    assert [session.lanes_of(racer) for racer in (None, 0, 3, 4, 5)] == [(0, 1, 2), (0,), (3,), (4,), ()]
    session.turn("optimizer.lr", 0.5, 5)  # nobody
    let_go(session, 3)
    assert wait_for(lambda: [lane.racer for lane in session.snapshot().lanes] == [0, 1, 2, 4])
    session.turn("optimizer.lr", 0.07, 4)
    assert wait_for(lambda: session.snapshot().lanes[3].knobs["optimizer.lr"] == 0.07)
    assert all(lane.journal == () for lane in session.snapshot().lanes[:3])
    assert not session.is_ahead(session.snapshot())
    let_go(session, 1)  # a first lane stays
    assert len(session.snapshot().lanes) == 4
    session.edit_race(lambda race: race.with_lanes(race.lanes[:2]))
    assert len(session.snapshot().lanes) == 2


def test_a_race_of_eight_takes_no_branch_and_seeds_count_once(pool: Pool) -> None:
    full = RaceSession(RaceSpec(ENDLESS, DEFAULT_LANES), "ann", pool)
    stepped(full, 1)
    with pytest.raises(ValueError, match="a run has at most 8 lanes: let one go first"):
        fork(full, 1, {})
    seeds = RaceSession(RaceSpec(ENDLESS, DEFAULT_LANES[:3], seeds=4), "ann", pool)
    stepped(seeds, 4)
    fork(seeds, 4, {}, racer=1)
    snapshot = stepped(seeds, 2)
    assert len(snapshot.lanes) == 13
    assert losses(snapshot.lanes[-1:])[3] == snapshot.lanes[4].curve.losses.tolist()
    again = RaceSession(read_race(seeds.replay(snapshot).to_query()), "bob", pool)
    assert losses(stepped(again, 6).lanes) == losses(snapshot.lanes)
    with pytest.raises(ValueError, match="at most 8 lanes"):
        check_race(read_race({"lanes": "sgd;adam", "branches": ";".join(f"{each}@0:1" for each in range(2, 9))}))


def test_a_branch_beside_a_twin_has_knobs_of_its_own_and_comes_again_from_the_link(pool: Pool) -> None:
    session = ModelSession(TWINS, "ann", pool)
    stepped(session, 3)
    session.turn("optimizer.lr", 0.01)
    stepped(session, 3)
    for racer, step in ((0, 3), (1, 6)):
        session.focus_on(racer)
        fork(session, step, {}, Choice("sgd") if racer else None)
    session.turn("optimizer.lr", 0.02)
    snapshot = stepped(session, 4)
    by_racer = {lane.racer: lane for lane in snapshot.lanes}
    assert snapshot.comparison == Comparison.TWIN
    assert (snapshot.lanes[0].racer, session.focus) == (3, 3)
    assert [by_racer[racer].parent for racer in range(4)] == ["", "", "0", "1"]
    assert by_racer[3].spec == by_racer[1].spec.with_(optimizer=Choice("sgd"))
    assert [len(by_racer[racer].journal) for racer in range(4)] == [1, 1, 0, 2]
    assert len(set(lane_styles(snapshot.lanes))) == 4
    session.focus_on(1)
    session.turn("optimizer.lr", 0.005)  # of the network and of its twin, whichever is looked at
    snapshot = stepped(session, 2)
    assert [len(lane.journal) for lane in sorted(snapshot.lanes, key=lambda lane: lane.racer)] == [2, 2, 0, 2]
    plan = read_pairing(session.replay(snapshot).to_query(), TWINS)
    again = losses(stepped(ModelSession(plan, "bob", pool), 12).lanes)
    assert {racer: each[: len(again[racer])] for racer, each in again.items()} == again
    for racer, each in losses(snapshot.lanes).items():
        assert again[racer][: len(each)] == each
    alone = ModelSession(TWINS, "bob", pool)
    stepped(alone, 3)
    alone.turn("optimizer.lr", 0.01)
    stepped(alone, 7)
    alone.turn("optimizer.lr", 0.005)
    assert losses(stepped(alone, 2).lanes) == {racer: losses(snapshot.lanes)[racer] for racer in (0, 1)}


@pytest.mark.usefixtures("at_once")
def test_branches_come_back_as_they_were_after_the_server_was_started_anew(tmp_path: Path) -> None:
    registry = opened(tmp_path)
    plan = read_race({**RACE.to_query(), "branches": "3@0:20:adam;4@3:25"})
    session = registry.open(RaceSession, plan, "ann")
    stepped(session, 6)
    stepped(session, 6)
    fork(session, 6, {}, Choice("adagrad"), racer=2)
    catch_up(session, 5, is_waited_for=True)
    before = stepped(session, 4)
    told = session.replay(before)
    other, found = begun_again(registry, session)
    after = found.snapshot()
    assert losses(after.lanes) == losses(before.lanes)
    assert [lane.behind for lane in after.lanes] == [0, 0, 0, 6]
    assert after.lanes[3].is_catching_up
    assert found.replay(after) == told
    kept = KeptRun.of(other.saver.library, other.saver.library.find(session.id))  # type: ignore[union-attr, arg-type]
    plan_, length = list(courses(kept))[3]
    assert (plan_, length) == course(before.lanes[3], (), None)
    level(found)
    stepped(found, max(0, 30 - found.snapshot().lanes[0].step) or 1)
    snapshot = found.snapshot()
    assert sorted(lane.racer for lane in snapshot.lanes) == [0, 1, 2, 3, 4, 5]
    assert len({lane.step for lane in snapshot.lanes}) == 1
    pool = other.pool
    straight = RaceSession(read_race(told.to_query()), "bob", pool)
    assert losses(stepped(straight, snapshot.lanes[0].step).lanes) == losses(snapshot.lanes)
    other.close()


def test_undo_brings_a_run_back_with_its_branches_and_what_is_planned(pool: Pool) -> None:
    session = Session(SMALL.with_(epochs=0), "ann", pool)
    stepped(session, 5)
    fork(session, 3, {}, Choice("sgd"))
    before = stepped(session, 1)
    session.edit(lambda spec: spec.with_(seed=8))
    assert len(session.snapshot().lanes) == 1
    session.undo(session.generation)
    assert losses(session.snapshot().lanes) == losses(before.lanes)
    assert focused(session.snapshot(), 1).lanes[0].spec.optimizer.name == "sgd"
    assert isinstance(session.run, Run)
