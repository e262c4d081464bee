"""The range test of learning rates on the Train page and in its chart, in every state of a run."""

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from nnviz.catalog.schedules import schedule_of
from nnviz.charts import CHARTS
from nnviz.records.rate_curve import RateCurve
from nnviz.records.run import Snapshot
from nnviz.records.status import Status
from nnviz.runs.trial import Trial
from nnviz.training import Experiment
from nnviz.ui.board.board import take_rate
from nnviz.ui.registry import registry
from nnviz.words.numbers import number
from tests.runs import SMALL, wait_for
from tests.snapshots import SCENES, running
from tests.test_pages import drawn, open_train, session_of, settled

pytestmark = pytest.mark.usefixtures("own_registry")

MOONS = {"dataset": "moons", "model": "mlp:hidden=4", "optimizer": "sgd:lr=0.001", "epochs": "0"}


def found_in(page: AppTest) -> RateCurve:
    found = session_of(page).snapshot().rate_curve
    assert found is not None
    return found


def finished(page: AppTest) -> AppTest:
    page.button(key="rate_test.find").click().run()
    assert wait_for(lambda: found_in(page).status.is_over)
    page.run()
    assert not page.exception
    return page


def cards(page: AppTest) -> list[str]:
    return [card["id"] for card in drawn(page)["charts"]]


def said(page: AppTest) -> str:
    return " ".join(str(caption.value) for caption in page.caption)


def test_one_press_finds_a_rate_and_one_more_sets_it() -> None:
    page = open_train(MOONS)
    assert "rate_curve" not in cards(page)
    page = finished(page)
    rate = found_in(page).suggested
    assert rate is not None
    assert cards(page)[0] == "rate_curve"
    assert f"{rate:g}" in said(page)
    page.button(key="rate_test.take").click().run()
    session = session_of(page)
    assert session.knob("optimizer.lr", session.snapshot()) == rate
    assert page.button(key="rate_test.take").disabled
    page.button(key="rate_test.close").click().run()
    assert "rate_curve" not in cards(page)


def test_what_was_found_is_there_after_a_reload_and_for_who_watches_but_not_to_press() -> None:
    page = finished(open_train(MOONS))
    session = session_of(page)
    again = open_train({"run": session.id})
    assert said(again) == said(page)
    assert not again.button(key="rate_test.take").disabled
    session.owner = "somebody else"
    watcher = open_train({"run": session.id})
    assert f"{found_in(page).suggested:g}, is a good one to train with" in said(watcher)
    assert cards(watcher)[0] == "rate_curve"
    for name in ("find", "take", "close"):
        assert watcher.button(key=f"rate_test.{name}").disabled


def pressed(page: AppTest, rate: float, act: str = "move") -> AppTest:
    """Press on the chart, as the browser tells of it."""
    told = {"chart": "rate_curve", "name": "rate", "index": 0, "act": act, "x": rate, "y": 0.0, "n": 1}
    session = session_of(page)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(st, "session_state", {"board": {"handle": told}})
        take_rate("board", session.id, session.generation)
    return page.run()


def reach(page: AppTest) -> tuple[object, list[object]]:
    card = next(card for card in drawn(page)["charts"] if card["id"] == "rate_curve")["figure"]
    handles = [trace["meta"]["handle"]["name"] for trace in card["data"] if "meta" in trace]
    return card["layout"].get("meta"), handles


def test_a_press_on_the_chart_sets_the_rate_and_who_watches_has_nothing_to_press() -> None:
    page = finished(open_train(MOONS))
    session = session_of(page)
    assert reach(page) == ({"sets": "rate"}, ["rate"])
    page = pressed(page, 0.0213)
    assert session.knob("optimizer.lr", session.snapshot()) == 0.021
    assert found_in(page).present == 0.021
    assert "now: 0.021" in str(drawn(page)["charts"][0])
    page = pressed(page, 0.5, act="choose")
    assert session.knob("optimizer.lr", session.snapshot()) == 0.021
    session.owner = "somebody else"
    watcher = open_train({"run": session.id})
    assert reach(watcher) == (None, [])
    assert reach(page.run()) == (None, [])


@pytest.mark.parametrize("schedule", ["warmup_cosine", "one_cycle", "cosine", "plateau"])
def test_under_a_schedule_it_says_that_it_sets_the_base_and_what_the_next_update_is_done_at(schedule: str) -> None:
    page = open_train({**MOONS, "epochs": "50", "schedule": schedule})
    session = session_of(page)
    session.run.step(3)
    assert wait_for(lambda: session.snapshot().lanes[0].step == 3)
    page = finished(page.run())
    rate, lane = found_in(page).suggested, session.snapshot().lanes[0]
    assert rate is not None
    per_epoch = -(-Experiment(lane.spec).batches.examples // lane.spec.batch_size)
    factor = schedule_of(lane.spec, per_epoch).factor(3)
    assert f"{rate:g} becomes the schedule's base, the highest rate" in said(page)
    assert (
        f"present factor of {factor:.3g} the next update would be done at {number(float(f'{rate * factor:.3g}'))}."
        in said(page)
    )
    assert page.button(key="rate_test.take").label == f"Set the base rate to {rate:g}"
    assert "base now: 0.001" in str(drawn(page)["charts"][0])


def test_without_a_schedule_it_says_nothing_of_one() -> None:
    page = finished(open_train(MOONS))
    assert "schedule" not in said(page)
    assert page.button(key="rate_test.take").label == f"Set the rate to {found_in(page).suggested:g}"


def test_it_shows_how_far_it_is_and_can_be_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Trial, "begin", lambda trial, copied: None)  # its copy does not come
    page = open_train(MOONS)
    page.button(key="rate_test.find").click().run()
    assert page.button(key="rate_test.find").disabled
    page.button(key="rate_test.cancel").click().run()
    assert session_of(page).stand.rate_test is None
    assert not page.button(key="rate_test.find").disabled


def test_a_run_that_diverged_says_from_where_it_was_tested() -> None:
    wild = {**MOONS, "dataset": "sine", "activation": "identity", "loss": "mse", "optimizer": "sgd:lr=10000"}
    page = open_train(wild)
    page.button(key="bar.play").click().run()
    settled(page, Status.DIVERGED)
    page = finished(page)
    assert "diverged, so the test began at update" in said(page)
    page.button(key="rate_test.take").click().run()
    assert not page.exception


def test_a_finished_run_takes_the_rate_with_its_next_start() -> None:
    page = open_train({**MOONS, "epochs": "1"})
    page.button(key="bar.play").click().run()
    settled(page, Status.DONE)
    page = finished(page.run())
    page.button(key="rate_test.take").click().run()
    assert "The next start has" in said(page)


def test_a_test_that_fails_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    page = open_train(MOONS)
    session = session_of(page)

    def failing(*arguments: object) -> None:
        raise ValueError("no such rate")

    monkeypatch.setattr("nnviz.runs.rate_test.rates_of", failing)
    page = finished(page)
    assert [str(warning.value) for warning in page.warning] == ["no such rate"]
    assert registry().find(session.id) is session
    assert "rate_test.take" not in [button.key for button in page.button]


def test_where_no_rate_is_suggested_it_says_so() -> None:
    page = open_train({**MOONS, "initializer": "zeros", "activation": "relu", "loss": "mse", "dataset": "line"})
    session = session_of(page)
    page = finished(page)
    test = session.stand.rate_test
    assert test is not None
    test._state = RateCurve(spec=SMALL, status=Status.DONE, progress=1.0)
    assert "no rate changes the loss" in said(page.run())


# ---- the chart


def tried(**more: object) -> Snapshot:
    rates = np.geomspace(1e-4, 10, 50)
    losses = np.concatenate([np.linspace(1.0, 0.2, 40), np.linspace(0.5, 90.0, 10)])
    found = RateCurve(spec=SMALL, rates=rates, losses=losses, smoothed=losses, suggested=0.02, progress=1.0, **more)  # type: ignore[arg-type]
    snapshot = running(next(iter(SCENES)))
    return Snapshot(1, Status.RUNNING, None, snapshot.lanes, snapshot.scene, rate_curve=found)


def test_the_chart_has_all_losses_the_suggestion_and_cuts_off_what_exploded() -> None:
    snapshot = tried()
    drawn = CHARTS["rate_curve"].draw(snapshot)
    each, mean, dot = drawn["data"]
    found = snapshot.rate_curve
    assert found is not None
    np.testing.assert_allclose(each["y"], found.losses, rtol=1e-6)
    np.testing.assert_allclose(mean["x"], found.rates, rtol=1e-6)
    assert dot["x"].tolist() == pytest.approx([0.02])
    assert drawn["layout"]["xaxis"]["type"] == "log"
    low, high = drawn["layout"]["yaxis"]["range"]
    assert low < 0.2
    assert 1.0 < high < 3.0
    assert any("0.02" in note["text"] for note in drawn["layout"]["annotations"])


def test_the_axis_stands_still_while_rates_are_tried() -> None:
    def ends(**more: object) -> list[float]:
        found: list[float] = CHARTS["rate_curve"].draw(tried(**more))["layout"]["xaxis"]["range"]
        return found

    assert ends(largest=1e3, status=Status.RUNNING)[1] > 3
    assert ends(largest=1e3, status=Status.DONE)[1] < 2


def test_the_chart_is_there_only_where_rates_were_tried() -> None:
    assert CHARTS["rate_curve"].fits(tried())
    assert not CHARTS["rate_curve"].fits(Snapshot(1, Status.RUNNING, None, ()))
