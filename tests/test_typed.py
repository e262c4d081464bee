"""The field beside a slider: what it takes, what it refuses in a sentence, and that both always show the same."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from nnviz.catalog import OPTIMIZERS
from nnviz.catalog.models import MODELS
from nnviz.records.status import Status
from nnviz.specs.experiment import ExperimentSpec
from nnviz.ui.live_sliders import first_and_more
from nnviz.ui.typed import read_typed, typed
from nnviz.words.language import message
from tests.tab import Tab
from tests.test_family_pages import open_family
from tests.test_family_pages import session_of as family_of
from tests.test_pages import built, open_train, plan_in, session_of, settled, warnings
from tests.test_race_page import SHORT, open_race
from tests.test_race_page import session_of as race_of
from tests.widgets import widget, widgets

RATE = next(knob for knob in OPTIMIZERS["adam"].knobs if knob.typed)
FIELD = "live.adam.lr.typed"


@pytest.mark.parametrize(
    ("text", "value"), [("0.0123", 0.0123), (" 3e-4 ", 3e-4), ("1E1", 10), ("10000", 1e4), ("1e-6", 1e-6), (".5", 0.5)]
)
def test_any_value_in_the_range_can_be_typed(text: str, value: float) -> None:
    assert read_typed(RATE, message("Learning rate"), text) == value


@pytest.mark.parametrize(
    "text", ["", "much", "0,01", "1,000", "-1", "0", "1e5", "nan", "inf", "1e-7", "0.1 0.2", "0x1"]
)
def test_what_cannot_be_taken_is_one_sentence_with_the_value_and_the_range(text: str) -> None:
    with pytest.raises(ValueError, match=r"^learning rate must be a number from 1e-06 to 10,000") as refused:
        read_typed(RATE, message("Learning rate"), text)
    assert str(refused.value).endswith(f"not {text!r}")


@pytest.mark.parametrize("value", [1e-6, 3e-4, 0.0123456, 1234.5, 1e4])
def test_what_the_field_shows_can_be_typed_again(value: float) -> None:
    assert read_typed(RATE, message("Learning rate"), typed(value)) == value


FIRST = {
    "adam": ["lr", "weight_decay"],
    "momentum": ["lr", "momentum", "weight_decay"],
    "rmsprop": ["lr", "momentum", "weight_decay"],
    "adagrad": ["lr", "weight_decay"],
    "sgd": ["lr", "weight_decay"],
}


@pytest.mark.parametrize("rule", list(FIRST))
def test_a_beginner_meets_rate_momentum_and_weight_decay_only(rule: str) -> None:
    first, more = first_and_more(ExperimentSpec().with_(optimizer=rule))
    assert [knob.name for _, knob in first] == FIRST[rule]
    live = {knob.name for knob in OPTIMIZERS[rule].knobs if knob.live}
    assert {knob.name for _, knob in more} == live - set(FIRST[rule])


def test_of_two_players_the_rates_come_first() -> None:
    first, more = first_and_more(MODELS["gan"].usual)
    assert [(field, knob.name) for field, knob in first] == [("optimizer", "lr"), ("second_optimizer", "lr")]
    assert all(knob.name != "lr" for _, knob in more)
    assert len(more) >= 6


def shown(page: AppTest) -> dict[str, Any]:
    """What the sliders and fields of learning rates show."""
    assert not page.exception
    return {name: part.value for name, part in widgets(page).items() if ".lr" in name}


@pytest.mark.usefixtures("own_registry")
def test_a_typed_rate_is_the_runs_the_sliders_and_the_links_in_every_state() -> None:
    page = built(open_train({"dataset": "moons", "epochs": "0"}))
    for press, status, rate in (
        (None, Status.READY, 0.0123),
        ("play", Status.RUNNING, 3e-4),
        ("play", Status.PAUSED, 2),
    ):
        if press:
            page.button(key=f"bar.{press}").click().run()
            settled(page, status)
        widget(page, FIELD).set_value(str(rate)).run()
        assert warnings(page) == []
        assert shown(page) == {"live.adam.lr": rate, FIELD: typed(rate)}
        plan = plan_in(page)
        last = plan.journal[-1].value if plan.journal else plan.spec.optimizer.knobs["lr"]
        assert last == rate
        session = session_of(page)
        assert session.knob("optimizer.lr", session.snapshot()) == rate
        assert session.generation == 0


@pytest.mark.usefixtures("own_registry")
def test_a_turned_slider_shows_in_the_field_and_a_second_tab_shows_both() -> None:
    page = built(open_train({"dataset": "moons"}))
    page.select_slider(key="live.adam.lr").set_value(0.01).run()
    assert shown(page) == {"live.adam.lr": 0.01, FIELD: "0.01"}
    second = open_train({"run": session_of(page).id})
    widget(second, FIELD).set_value("0.0042").run()
    assert shown(second) == shown(page.run()) == {"live.adam.lr": 0.0042, FIELD: "0.0042"}


@pytest.mark.usefixtures("own_registry")
def test_bad_text_is_refused_where_it_was_typed_and_the_value_stays_until_something_is_turned() -> None:
    page = built(open_train({"dataset": "moons"}))
    widget(page, FIELD).set_value("0,01").run()
    (sentence,) = warnings(page)
    assert sentence == (
        "That does not work: learning rate must be a number from 1e-06 to 10,000, such as 0.01 or 3e-4, not '0,01'. "
        "The run stays as it was."
    )
    assert shown(page) == {"live.adam.lr": 0.003, FIELD: "0.003"}
    assert session_of(page).turns == 0
    widget(page, FIELD).set_value("0.02").run()
    assert warnings(page) == []
    assert shown(page) == {"live.adam.lr": 0.02, FIELD: "0.02"}


@pytest.mark.usefixtures("own_registry")
def test_what_is_typed_before_the_answer_to_a_turned_slider_has_come_counts_once() -> None:
    page = built(open_train({"dataset": "moons"}))
    tab = Tab(page)
    field = tab.parts[FIELD]
    tab.turn(tab.parts["live.adam.lr"], "0.01")
    tab.turn(field, "0.02")  # into the field that is on the screen still
    session = session_of(page)
    assert session.knob("optimizer.lr", session.snapshot()) == 0.02
    session.turn("optimizer.lr", 0.5)  # by another tab
    tab.send()  # and this one says once more what it said
    tab.hear()
    assert tab.shown("live.adam.lr") == tab.shown(FIELD) == "0.5"


@pytest.mark.usefixtures("own_registry")
def test_after_a_run_has_diverged_a_typed_rate_holds_for_the_next_start() -> None:
    page = built(open_train({"dataset": "sine", "loss": "mse", "optimizer": "sgd:lr=10000"}))
    page.button(key="bar.play").click().run()
    settled(page, Status.DIVERGED)
    widget(page.run(), "live.sgd.lr.typed").set_value("0.05").run()
    assert "This run is over. The next start has: learning rate 10,000 → 0.05." in [each.value for each in page.caption]
    page.button(key="bar.play").click().run()
    assert session_of(page).snapshot().lanes[0].knobs["optimizer.lr"] == 0.05


@pytest.mark.usefixtures("own_registry")
def test_who_only_watches_reads_the_field() -> None:
    owner = built(open_train({"dataset": "moons"}))
    session_of(owner).owner = "somebody"
    assert widget(open_train({"run": session_of(owner).id}), FIELD).disabled


@pytest.mark.usefixtures("own_registry")
def test_each_player_of_two_has_a_field_that_names_it() -> None:
    page = open_family("gan")
    fields = {name: part.label for name, part in widgets(page).items() if name.endswith(".typed")}
    assert list(fields.values()) == ["Generator: learning rate, typed", "Discriminator: learning rate, typed"]
    for place, name in enumerate(fields, 1):
        widget(page, name).set_value(str(place)).run()
    session = family_of(page, "gan")
    knobs = session.knobs(session.snapshot())
    assert (knobs["optimizer.lr"], knobs["second_optimizer.lr"]) == (1, 2)


@pytest.mark.usefixtures("own_registry")
def test_each_lane_of_a_race_has_a_field_behind_its_name_and_its_finer_knobs_behind_more() -> None:
    page = open_race(SHORT)
    tab = Tab(page)
    tab.unfold(next(each for each in tab.popovers if "lane.2.settings" in each))
    tab.hear()
    tab.turn(tab.parts["lane.2.adam.lr.typed"], "0.0123")
    tab.hear()
    assert tab.shown("lane.2.adam.lr") == tab.shown("lane.2.adam.lr.typed") == "0.0123"
    session = race_of(page)
    assert session.knob("optimizer.lr", session.snapshot(), 2) == 0.0123
    (more,) = (each for each in page.expander if each.label == "More knobs")
    assert {str(each.label) for each in [*more.slider, *more.select_slider]} == {"Beta 1", "Beta 2", "Epsilon"}


@pytest.mark.usefixtures("own_registry")
def test_the_rate_of_all_lanes_can_be_typed() -> None:
    page = open_race(SHORT)
    page.segmented_control(key="rates.mode").select("same").run()
    widget(page, "rates.same.typed").set_value("0.0123").run()
    assert [lane.knobs["lr"] for lane in race_of(page).race.lanes] == [0.0123] * 3
    widget(page, "rates.same.typed").set_value("all of it").run()
    assert len(warnings(page)) == 1
    assert widget(page, "rates.same.typed").value == "0.0123"
