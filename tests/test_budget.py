"""Time for pictures, and what a slice may take: neither goes by what was so before a change of mode."""

import pytest

from nnviz.records.status import Status
from nnviz.runs.budget import CREDIT, Budget
from nnviz.runs.engine import Engine
from nnviz.runs.lane_spec import LaneSpec
from nnviz.runs.pending import PendingCommands
from nnviz.runs.threads import LaneThreads
from nnviz.specs.experiment import Change
from tests.runs import SMALL


def test_hours_of_waiting_do_not_buy_minutes_of_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1.0]
    monkeypatch.setattr("nnviz.runs.budget.perf_counter", lambda: now[0])
    budget, rounds = Budget(), 0
    budget.rest(3600)
    while budget.allows(0.0) and rounds < 100:
        budget.spend(0.1)
        now[0] += 1
        rounds += 1
    assert 1 < rounds <= CREDIT / 0.1


def test_a_round_that_costs_more_than_the_first_credit_is_saved_for(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1.0]
    monkeypatch.setattr("nnviz.runs.budget.perf_counter", lambda: now[0])
    budget = Budget(0.02)
    budget.spend(2.0)
    now[0] += 1
    assert not budget.allows(100.0)
    assert budget.allows(200.0)


def test_another_batch_size_is_tried_out_by_one_update_before_a_slice_is_filled() -> None:
    engine = Engine([LaneSpec(SMALL, "adam", 0, id="0")], LaneThreads(0))
    engine.build()
    wishes = PendingCommands(Status.RUNNING)
    done = [engine.turn(wishes, 0.0, True, lambda: True).done for _ in range(30)]
    engine.apply([(("0",), Change(0, "batch_size", 100))])
    after = next(turn.done for turn in iter(lambda: engine.turn(wishes, 0.0, True, lambda: True), None) if turn.done)
    assert max(done) > 1
    assert after == 1
