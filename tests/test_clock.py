"""How fast a run goes, with a clock that the test turns."""

import pytest

from nnviz.runs import clock as clock_module
from nnviz.runs.clock import Clock


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, in a list of one: seconds."""
    now = [100.0]
    monkeypatch.setattr(clock_module, "monotonic", lambda: now[0])
    return now


def owed_and_done(clock: Clock, pace: float) -> int:
    updates = clock.owed(pace)
    clock.count(updates)
    return updates


def test_a_pace_owes_one_update_at_once_and_then_one_each_time_it_has_passed(at: list[float]) -> None:
    clock = Clock()
    found = []
    for tick in range(13):  # of a quarter of the pace
        at[0] = 100 + tick / 8
        found.append(owed_and_done(clock, 0.5))
    assert found == [1, 0, 0, 0] * 3 + [1]
    assert clock.next_in(0.5) == pytest.approx(0.5)


def test_of_a_long_wait_a_quarter_of_a_second_is_caught_up(at: list[float]) -> None:
    clock = Clock()
    owed_and_done(clock, 0.05)
    at[0] += 0.25
    assert owed_and_done(clock, 0.05) == 5
    at[0] += 30
    assert owed_and_done(clock, 0.05) == 1


def test_the_rate_is_that_of_the_last_second(at: list[float]) -> None:
    clock = Clock()
    for each in (10, 30):
        for _ in range(20):
            at[0] += 0.1
            clock.count(each)
        assert clock.rate() == pytest.approx(10 * each)
