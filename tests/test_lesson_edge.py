"""The lesson on the edge of stability: what it promises over several seeds, its tasks, its page and its links."""

import math
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from nnviz.charts.figure import floats
from nnviz.lessons.edge.figures import PICTURES
from nnviz.lessons.edge.page import _LAYOUT
from nnviz.lessons.edge.page_controller import CONTROLLER
from nnviz.lessons.edge.results import Moment, Progress, Stretch
from nnviz.lessons.edge.state import RATES, TASKS, State, parabola, progress, settings_of, spec_of
from nnviz.lessons.edge.texts import TEXTS
from nnviz.records.readings import Sharpness
from nnviz.records.run import Record, Snapshot
from nnviz.runs.timeline import snapshot_of
from nnviz.sessions.edge import EdgeSession
from nnviz.sessions.session import Session
from nnviz.specs.experiment import Change
from nnviz.training import Detail, Experiment, Observer
from nnviz.training.checkpoint import Checkpoint
from nnviz.ui.board.wanted import Wanted
from nnviz.ui.live_turns import turn_live
from nnviz.ui.push.turns import take
from nnviz.ui.registry import registry
from tests.lesson_pages import boards, open_lesson
from tests.runs import wait_for
from tests.seeds import FEW

PAGE = "pages/47_Edge_of_stability.py"
EVERY = 60  # updates between two measurements
LATE = 360  # updates at the end of a leg that are measured; far more would tell no more
WANTED = Detail.SCORES | {"sharpness"}
Leg = tuple[int, float]  # updates, and their rate


def trained(state: State, *legs: Leg) -> Snapshot:
    """A run of so many updates, then of more at another rate, measured before, and at the end of each."""
    return led(state, *legs)[1]


@cache
def led(state: State, *legs: Leg) -> tuple[Checkpoint, Snapshot]:
    """Train the last leg from where the ones before it end."""
    experiment = Experiment(spec_of(state))
    observer = Observer(experiment)
    records: list[Record] = []
    if legs:
        kept, before = led(state, *legs[:-1])
        experiment.restore(kept)
        records += before.lanes[0].records
        walk(experiment, legs[-1], lambda: records.append(observer.measure(WANTED)))
    else:
        records.append(observer.measure(WANTED))
    return experiment.checkpoint(), snapshot_of(experiment, tuple(records))


def walk(experiment: Experiment, leg: Leg, measure: Callable[[], None]) -> None:
    updates, rate = leg
    if rate != experiment.knobs["optimizer.lr"]:
        experiment.apply(Change(experiment.step, "optimizer.lr", rate))
    end = experiment.step + updates
    experiment.advance(updates - LATE)
    while experiment.step < end and not experiment.is_over:
        measure()
        experiment.advance(EVERY)
    measure()


def late(snapshot: Snapshot, count: int = 6) -> float:
    """The mean of the last measurements, in parts of what is stable."""
    found = [record.readings["sharpness"] for record in snapshot.lanes[0].records[-count:]]
    shares = [each.value / each.limit for each in found if isinstance(each, Sharpness) and each.limit]
    return sum(shares) / len(shares)


def first(snapshot: Snapshot) -> float:
    found = snapshot.lanes[0].records[0].readings["sharpness"]
    assert isinstance(found, Sharpness)
    return found.value


# ---- what the lesson says, over three seeds


@pytest.mark.parametrize("seed", FEW)
@pytest.mark.parametrize(("rate", "updates"), [(0.5, 1200), (1.2, 1500)])
def test_the_sharpness_settles_at_two_over_the_rate(rate: float, updates: int, seed: int) -> None:
    snapshot = trained(State(lr=rate, seed=seed), (updates, rate))
    assert late(snapshot) == pytest.approx(1, abs=0.05)
    losses = snapshot.lanes[0].curve.losses
    assert losses[-1] < 0.4 * losses[100 // snapshot.lanes[0].curve.stride]  # it goes on falling there
    assert (losses[1:] > losses[:-1]).mean() > 0.05  # and not at every step


@pytest.mark.parametrize("seed", FEW)
def test_it_follows_the_rate_up_and_down_and_the_first_three_ways_lead_there(seed: int) -> None:
    start, legs = State(lr=0.5, seed=seed), ((1200, 0.5), (500, 1.0), (1000, 0.7))
    settled, turned, back = (trained(start, *legs[:count]) for count in (1, 2, 3))
    assert TASKS["settle"](start, progress(settled))
    assert not TASKS["follow"](start, progress(settled))
    assert late(turned, 4) == pytest.approx(1, abs=0.07)
    assert TASKS["follow"](start, progress(turned))
    assert 0.85 < late(back, 4) < 1.06  # from 0.7 on it climbs slowly


@pytest.mark.parametrize("seed", FEW)
def test_a_small_rate_does_not_get_there_while_the_sharpness_rises_and_every_step_helps(seed: int) -> None:
    state = State(lr=0.1, seed=seed)
    snapshot = trained(state, (1500, 0.1))
    assert TASKS["never"](state, progress(snapshot))
    losses = snapshot.lanes[0].curve.losses
    assert (losses[1:] < losses[:-1]).all()


@pytest.mark.parametrize("seed", FEW)
def test_a_rate_far_above_what_the_first_weights_bear_is_lost(seed: int) -> None:
    state = State(lr=3, seed=seed)
    snapshot = trained(state, (200, 3.0))
    assert first(snapshot) > 1.5 * 2 / 3
    assert TASKS["lost"](state, progress(snapshot))


def test_with_momentum_it_settles_at_the_line_of_momentum() -> None:
    for seed in FEW:
        state = State(rule="momentum", lr=1.2, seed=seed)
        snapshot = trained(state, (2000, 1.2))
        assert 0.88 < late(snapshot) < 1.06  # with a seed of four it has learnt all just before it is there
        now = progress(snapshot).now
        assert now is not None
        assert now.limit == pytest.approx(3.8 / 1.2)
        assert TASKS["momentum"](state, progress(snapshot))
        assert not TASKS["settle"](state, progress(snapshot))


@pytest.mark.parametrize("seed", FEW)
def test_small_batches_keep_it_below_the_line(seed: int) -> None:
    state = State(batch="25", lr=0.5, seed=seed)
    snapshot = trained(state, (1000, 0.5))
    assert 0.6 < late(snapshot) < 0.93
    assert not any(is_solved(state, progress(snapshot)) for is_solved in TASKS.values())


# ---- the tasks


def stretch(limit: float, *sizes: float, start: int = 0, gap: int = 60) -> Stretch:
    return Stretch(limit, tuple(Moment(start + gap * place, size) for place, size in enumerate(sizes)))


AT_FOUR = Progress("sgd", is_full=True, is_lost=False, stretches=(stretch(4.0, *[4.02, 3.98] * 5),))
FAR = Progress("sgd", is_full=True, is_lost=False, stretches=(stretch(20, *[2.3 + 0.1 * at for at in range(30)]),))
TWO = replace(AT_FOUR, stretches=(*AT_FOUR.stretches, stretch(2.0, *[2.02, 2.05] * 5, start=600)))


@pytest.mark.parametrize(
    ("task", "found", "is_right"),
    [
        ("settle", AT_FOUR, True),
        ("settle", replace(AT_FOUR, is_full=False), False),
        ("settle", replace(AT_FOUR, rule="momentum"), False),
        ("settle", replace(AT_FOUR, stretches=(stretch(4.0, *[3.5] * 10),)), False),
        ("settle", replace(AT_FOUR, stretches=(stretch(4.3, *[4.3] * 10),)), False),
        ("settle", replace(AT_FOUR, stretches=(stretch(4.0, *[4.0] * 4),)), False),  # not for long enough
        ("settle", replace(AT_FOUR, stretches=(stretch(4.0, *[4.0] * 3, gap=400),)), False),  # too few measurements
        ("settle", replace(AT_FOUR, stretches=(stretch(4.0, *[4.0] * 6, gap=400),)), True),  # in a long run they thin
        ("settle", TWO, False),
        ("follow", TWO, True),
        ("follow", AT_FOUR, False),
        ("follow", replace(TWO, stretches=(TWO.stretches[0], stretch(3.0, *[3.0] * 10))), False),
        ("follow", replace(TWO, stretches=(TWO.stretches[0], stretch(2.0, *[2.5] * 10))), False),
        ("never", FAR, True),
        ("never", AT_FOUR, False),
        ("never", replace(FAR, stretches=(stretch(20, *[2.3 + 0.1 * at for at in range(20)]),)), False),  # too early
        ("never", replace(FAR, stretches=(stretch(20, *[2.3] * 30),)), False),  # it does not rise
        ("never", replace(FAR, stretches=(stretch(6, *[2.3 + 0.1 * at for at in range(30)]),)), False),
        ("lost", replace(AT_FOUR, is_lost=True), True),
        ("lost", AT_FOUR, False),
        ("momentum", replace(AT_FOUR, rule="momentum"), True),
        ("momentum", AT_FOUR, False),
        ("momentum", replace(AT_FOUR, rule="momentum", is_full=False), False),
    ],
)
def test_a_task_is_marked_right_when_right_and_not_when_not(task: str, found: Progress, is_right: bool) -> None:
    assert TASKS[task](State(), found) == is_right


def test_no_task_is_done_before_training() -> None:
    for found in (progress(trained(State())), Progress("sgd", is_full=True, is_lost=False, stretches=())):
        assert not any(is_solved(State(), found) for is_solved in TASKS.values())


# ---- state, parabola and figure


def test_a_state_is_its_link_and_its_run() -> None:
    state = State(rule="momentum", batch="25", lr=0.3, seed=7)
    assert State.from_query(state.to_query()) == state
    assert State(**settings_of(spec_of(state), 0.3)) == state
    assert not State().to_query()


@pytest.mark.parametrize("share", [0.4, 0.9, 1.1])
def test_steps_on_the_parabola_come_closer_below_the_edge_and_lead_away_above_it(share: float) -> None:
    snapshot = trained(State())
    found = parabola(snapshot, share * 2 / first(snapshot))
    assert found is not None
    assert found.sharpness / found.limit == pytest.approx(share)
    assert found.places == pytest.approx([found.factor**at for at in range(len(found.places))])
    assert (abs(found.places[-1]) > 1) == (share > 1)
    drawn = PICTURES["steps"].draw(found, TEXTS.words)
    assert drawn["data"][1]["x"].tolist() == floats(found.places).tolist()


# ---- the page


def press(page: AppTest, label: str) -> AppTest:
    return next(button for button in page.button if button.label == label).click().run()


def choose(page: AppTest, place: int, value: str) -> None:
    menus: Any = page.get("button_group")
    menus[place].set_value(value).run()


def session_of(page: AppTest) -> EdgeSession:
    value = page.query_params["run"]
    session = registry().find(str(value[0] if isinstance(value, list) else value), EdgeSession)
    assert session is not None
    return session


def is_built(session: Session) -> Callable[[], object]:
    return lambda: session.snapshot().lanes[0].records


@pytest.mark.usefixtures("own_registry")
def test_the_page_trains_shows_the_sharpness_and_a_rate_that_is_turned_stands_in_the_link() -> None:
    page = open_lesson(PAGE)
    session = session_of(page)
    assert wait_for(is_built(session))
    press(page, "Play")
    assert wait_for(lambda: session.snapshot().lanes[0].step > 20)
    session.turn("optimizer.lr", 0.9)
    session.pause()
    assert wait_for(lambda: session.snapshot().status == "paused")
    page.run()
    board = next(each for each in boards(page).values() if each.get("counters"))
    assert [chart["id"] for chart in board["charts"]] == ["loss", "sharpness"]
    (dial,) = board["dials"]
    assert (dial["id"], dial["value"], dial["low"], dial["high"]) == ("optimizer.lr", 0.9, *RATES)
    assert page.query_params["lr"] in ("0.9", ["0.9"])
    again = open_lesson(PAGE, {"run": session.id})
    assert session_of(again) is session
    assert again.query_params["lr"] in ("0.9", ["0.9"])


@pytest.mark.usefixtures("own_registry")
def test_another_rule_begins_afresh_at_the_rate_that_was_turned_last() -> None:
    page = open_lesson(PAGE, {"lr": "0.3", "seed": "4"})
    session = session_of(page)
    assert wait_for(is_built(session))
    session.turn("optimizer.lr", 0.4)
    choose(page, 0, "momentum")
    assert session.spec == spec_of(State(rule="momentum", lr=0.4, seed=4))
    assert wait_for(is_built(session))
    page.run()
    assert any("1+\\beta" in text.value for text in page.latex)


@pytest.mark.usefixtures("own_registry")
def test_who_watches_may_turn_nothing_and_may_take_a_run_of_their_own() -> None:
    page = open_lesson(PAGE)
    session = session_of(page)
    assert wait_for(is_built(session))
    session.owner = "somebody"
    other = open_lesson(PAGE, {"run": session.id})
    assert session_of(other) is session
    assert next(button for button in other.button if button.label == "Play").disabled
    menus: Any = other.get("button_group")
    assert all(menu.disabled for menu in menus)
    assert not any(board.get("reports") for board in boards(other).values() if board.get("counters"))
    press(other, TEXTS.knobs["copy"][0])
    assert session_of(other) is not session


@pytest.mark.usefixtures("own_registry")
def test_only_who_began_a_run_may_change_its_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    session = registry().open(EdgeSession, spec_of(State()), "somebody")
    monkeypatch.setattr(st, "session_state", {"edge.session": session.id, "visitor": "another"})
    CONTROLLER.change(batch="25")
    assert session.spec == spec_of(State()) == spec_of(CONTROLLER.state)
    monkeypatch.setitem(st.session_state, "visitor", "somebody")
    CONTROLLER.change(batch="25")
    assert session.spec == spec_of(State(batch="25"))


@pytest.mark.usefixtures("own_registry")
def test_the_line_turns_the_rate_for_who_may_within_the_ends_of_the_dial_and_nothing_else() -> None:
    session = registry().open(EdgeSession, spec_of(State()), "somebody")
    session.begin(is_started=False)
    assert wait_for(is_built(session))
    wanted = Wanted(session.id, _LAYOUT, str)

    def rate() -> float:
        return session.knob("optimizer.lr", session.snapshot())

    assert take(wanted, "somebody", "optimizer.lr", 1.1)
    assert rate() == 1.1
    assert not take(wanted, "another", "optimizer.lr", 0.2)
    for name, value in [("optimizer.lr", 50), ("optimizer.lr", math.nan), ("optimizer.lr", "1"), ("batch_size", 7)]:
        assert not take(wanted, "somebody", name, value)
    assert rate() == 1.1
    assert session.knob("batch_size", session.snapshot()) == 500


@pytest.mark.usefixtures("own_registry")
def test_turning_the_rate_of_a_run_that_diverged_begins_it_anew_with_that_rate() -> None:
    session = registry().open(EdgeSession, spec_of(State(lr=3)), "somebody")
    session.begin(is_started=True)
    assert wait_for(lambda: session.snapshot().status == "diverged")
    turn_live(_LAYOUT, session, "optimizer.lr", 0.5)
    assert wait_for(lambda: session.snapshot().lanes[0].step > 5)
    assert session.present_spec(session.snapshot()) == spec_of(State(lr=0.5))
    assert session.snapshot().status == "running"


@pytest.mark.usefixtures("own_registry")
def test_a_diverged_run_keeps_what_was_measured_on_its_page() -> None:
    page = open_lesson(PAGE, {"lr": "3"})
    session = session_of(page)
    assert wait_for(is_built(session))
    press(page, "Play")
    assert wait_for(lambda: session.snapshot().status == "diverged")
    page.run()
    assert any(text.value.startswith(":green[") and TEXTS.tasks["lost"].text in text.value for text in page.markdown)
    board = next(each for each in boards(page).values() if each.get("counters"))
    assert not any("error" in chart for chart in board["charts"])
