"""How much is measured is chosen while a run goes on; what that costs is shown, and nothing else is learnt."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from nnviz.records.run import Record, Snapshot
from nnviz.records.status import Status
from nnviz.records.tier import SHARES, MeasuringCost, Tier
from nnviz.runs.keeper import Keeper
from nnviz.runs.meter import Meter
from nnviz.runs.pool import Pool
from nnviz.runs.replay import ReplaySource
from nnviz.runs.run import Run
from nnviz.sessions.branches import fork
from nnviz.sessions.environment import Environment
from nnviz.sessions.race import RaceSession
from nnviz.sessions.registry import SessionRegistry
from nnviz.sessions.session import Session
from nnviz.specs.experiment import Choice
from nnviz.specs.race import RaceSpec
from nnviz.training.instruments import INSTRUMENTS
from nnviz.ui.board.counters import counters, measuring, race_counters
from tests.runs import SMALL, wait_for

ENDLESS, SHORT = SMALL.with_(epochs=0), SMALL.with_(epochs=6)


@pytest.fixture
def pool() -> Iterator[Pool]:
    pool = Pool()
    yield pool
    pool.close()


def tiers_of(record: Record) -> set[Tier]:
    return {INSTRUMENTS[name].tier for name in record.readings}


def measured_as(run: Run, *tiers: Tier) -> bool:
    """Wait until the newest record is of these: a snapshot waits for what was asked for, but not for long."""
    return wait_for(lambda: tiers_of(run.snapshot().lanes[0].records[-1]) == set(tiers))


def stepped(run: Run | Session, count: int) -> Snapshot:
    """Do some updates and wait until all is measured."""
    goal = run.snapshot().lanes[0].step + count
    source = run.run if isinstance(run, Session) else run
    source.step(count)
    assert wait_for(partial(has_come, source, goal))
    return run.snapshot()


def has_come(source: object, goal: int) -> bool:
    assert isinstance(source, Run)
    snapshot = source.snapshot()
    return snapshot.lanes[0].step == goal and snapshot.status == Status.PAUSED


def test_a_run_is_measured_as_usual_until_somebody_asks_for_more_and_again_when_they_no_longer_do(pool: Pool) -> None:
    run = Run([ENDLESS], pool=pool)
    assert tiers_of(stepped(run, 5).lanes[0].records[-1]) == {Tier.ECONOMY}
    run.look_closer("full")
    assert measured_as(run, *Tier)  # the same moment, measured again
    run.look_closer("business")
    found = stepped(run, 5).lanes[0].records[-1]
    assert tiers_of(found) == {Tier.ECONOMY, Tier.BUSINESS}
    assert "successive_gradients" in found.readings
    run.look_closer("economy")
    assert measured_as(run, Tier.ECONOMY)
    assert tiers_of(stepped(run, 5).lanes[0].records[-1]) == {Tier.ECONOMY}


def test_asking_for_more_changes_no_loss(pool: Pool) -> None:
    plain, watched = Run([SHORT], pool=pool), Run([SHORT], pool=pool)
    stepped(watched, 3)
    for tier in ("full", "economy", "business", "full"):
        watched.look_closer(tier)
        stepped(watched, 4)
    for run in (plain, watched):
        run.start()
        assert run.join(60)
    one, other = plain.snapshot().lanes[0], watched.snapshot().lanes[0]
    assert one.curve.losses.tolist() == other.curve.losses.tolist()
    assert [part.test_loss for part in one.evaluations] == [part.test_loss for part in other.evaluations]
    assert {Tier.FULL} <= tiers_of(other.records[-1])


def test_a_run_that_nobody_has_begun_is_not_built_by_asking(pool: Pool) -> None:
    run = Run([ENDLESS], pool=pool)
    run.look_closer("full")
    assert run.snapshot().status == Status.READY
    assert run.snapshot().scene is None
    assert tiers_of(stepped(run, 3).lanes[0].records[-1]) == set(Tier)


def test_a_run_that_is_over_stays_as_it_is(pool: Pool) -> None:
    run = Run([SHORT], pool=pool)
    run.start()
    assert run.join(60)
    before = run.snapshot()
    run.look_closer("full")
    assert run.snapshot().lanes[0].records == before.lanes[0].records


def test_what_is_no_tier_is_refused_with_the_choices(pool: Pool) -> None:
    run = Run([ENDLESS], pool=pool)
    with pytest.raises(ValueError, match=r"no tier 'first' of instruments.*economy, business, full"):
        run.look_closer("first")
    with pytest.raises(ValueError, match="takes no 'measure'"):
        ReplaySource([run.snapshot()]).look_closer("full")


def test_a_session_keeps_the_tier_over_fresh_runs_and_undo(pool: Pool) -> None:
    session = Session(ENDLESS, "ann", pool)
    stepped(session, 3)
    session.look_closer("business")
    session.edit(lambda spec: spec.with_(seed=7))
    assert tiers_of(stepped(session, 3).lanes[0].records[-1]) == {Tier.ECONOMY, Tier.BUSINESS}
    session.look_closer("full")
    session.undo(session.generation)
    assert (session.tier, session.run.tier) == (Tier.FULL, Tier.FULL)
    assert tiers_of(stepped(session, 3).lanes[0].records[-1]) == set(Tier)


def test_a_branch_is_measured_like_the_run_that_it_comes_from(pool: Pool) -> None:
    session = Session(ENDLESS, "ann", pool)
    stepped(session, 5)
    session.look_closer("business")
    stepped(session, 5)
    fork(session, 5, {"optimizer.lr": 0.02})
    assert wait_for(lambda: len(session.snapshot().lanes) == 2)
    assert isinstance(session.run, Run)
    stepped(session.run, 4)
    assert all(Tier.BUSINESS in tiers_of(lane.records[-1]) for lane in session.snapshot().lanes)


def test_lanes_of_a_race_are_measured_alike_where_somebody_asks(pool: Pool) -> None:
    session = RaceSession(RaceSpec(ENDLESS, (Choice("sgd"), Choice("adam"))), "ann", pool)
    found = stepped(session, 5)
    assert all(lane.records[-1].readings.keys() == {"layers"} for lane in found.lanes)
    session.look_closer("full")
    found = stepped(session, 5)
    assert all(
        {"alpha", "twin_units", "parameters", "layers"} <= lane.records[-1].readings.keys() for lane in found.lanes
    )
    assert "measuring" in [each["id"] for each in race_counters(found, None)]
    session.look_closer("economy")
    found = stepped(session, 5)
    assert all(lane.records[-1].readings.keys() == {"layers"} for lane in found.lanes)


def test_a_saved_run_comes_back_as_closely_measured_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Keeper.__init__, "__defaults__", (0.0, 0.0))  # saved at once
    registry = SessionRegistry(Environment(runs=str(tmp_path)))
    session = registry.open(Session, ENDLESS, "ann")
    assert registry.saver is not None
    session.look_closer("full")
    before = stepped(session, 6)
    assert registry.saver.flush(20)
    registry.close()
    other = SessionRegistry(Environment(runs=str(tmp_path)))
    try:
        again = other.reopen(session.id)
        assert again is not None
        assert (again.tier, again.run.tier) == (Tier.FULL, Tier.FULL)
        assert wait_for(lambda: again.snapshot().scene is not None)
        assert again.snapshot().lanes[0].records[-1].readings.keys() == before.lanes[0].records[-1].readings.keys()
        assert tiers_of(stepped(again, 3).lanes[0].records[-1]) == set(Tier)
    finally:
        other.close()


def test_the_cost_is_shown_where_more_is_measured_than_usual(pool: Pool) -> None:
    run = Run([ENDLESS], pool=pool)
    assert "measuring" not in [each["id"] for each in counters(stepped(run, 5))]
    run.look_closer("full")
    found = stepped(run, 5)
    assert found.cost is not None
    assert found.cost.seconds > 0
    assert found.cost.share > 0
    told = {each["id"]: each["value"] for each in counters(found)}["measuring"]
    assert told.endswith(" %")


def test_the_meter_tells_the_last_and_the_share_since_it_was_set_to_zero() -> None:
    meter = Meter()
    assert meter.cost(10.0) is None
    meter.add(5.0)
    meter.begin(10.0)
    assert meter.cost(12.0) is None
    meter.add(0.25)
    meter.add(0.75)
    assert meter.cost(10.0) is None
    assert meter.cost(14.0) == MeasuringCost(0.75, 0.25)
    assert list(SHARES) == list(Tier)


def test_a_cost_is_written_in_milliseconds_and_per_cent(pool: Pool) -> None:
    nothing = Run([ENDLESS], pool=pool).snapshot()
    dear = replace(nothing, tier=Tier.FULL, cost=MeasuringCost(0.0123, 0.34))
    assert measuring(dear) == {"measuring": "12 ms · 34 %"}
    assert measuring(replace(dear, cost=None)) == {"measuring": "–"}
    assert measuring(nothing) == {}
