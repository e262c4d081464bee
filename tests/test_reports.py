"""What a browser reports, and when: controls that have changed or gone meanwhile, and values that were replaced."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from nnviz.records.status import Status
from nnviz.runs.clock import Clock
from nnviz.sessions.session import Session
from tests.test_pages import built, open_train, session_of, settled, spec_in
from tests.test_race_page import SHORT, open_race
from tests.test_race_page import session_of as race_of
from tests.widgets import hold, widget

pytestmark = pytest.mark.usefixtures("own_registry")


def send_twice(page: AppTest, part: Any, value: Any) -> None:
    """Change a control as a hand does; the page's timer sends it all once more before the answer has come."""
    hold(page)
    part.set_value(value).run()
    part.run()


def training(query: dict[str, str]) -> AppTest:
    page = built(open_train(query))
    page.button(key="bar.play").click().run()
    settled(page, Status.RUNNING)
    return page


def rate(session: Session) -> float:
    return session.knob("optimizer.lr", session.snapshot())


@pytest.mark.parametrize(("first", "second"), [("adam", "sgd"), ("adam", "rmsprop"), ("rmsprop", "momentum")])
def test_another_optimizer_while_it_trains_leaves_page_address_and_trainer_agreed(first: str, second: str) -> None:
    page = training({"dataset": "digits", "optimizer": first})
    send_twice(page, page.selectbox(key="set.optimizer"), second)
    session = session_of(page)
    assert not page.exception
    assert session.spec.optimizer.name == second
    assert widget(page, f"live.{second}.lr").value == rate(session) == session.snapshot().lanes[0].knobs["optimizer.lr"]
    assert session.snapshot().lanes[0].journal == ()
    assert spec_in(page) == session.spec


def test_fewer_layers_while_it_trains_drop_the_fields_of_the_others() -> None:
    page = training({"dataset": "spiral", "model": "mlp:hidden=8,8,8"})
    send_twice(page, page.slider(key="set.layers"), 1)
    session = session_of(page)
    generation = session.generation
    assert not page.exception
    assert str(spec_in(page).model) == "mlp:hidden=8"
    page.run()
    assert session.generation == generation == 1


def test_another_network_drops_the_menus_that_it_does_not_have() -> None:
    page = training({"dataset": "digits"})
    send_twice(page, page.selectbox(key="set.model"), "resnet")
    assert not page.exception
    assert session_of(page).generation == 1
    assert spec_in(page) == session_of(page).spec


def test_a_knob_drawn_for_another_rule_turns_nothing() -> None:
    page = training({"dataset": "moons"})
    session = session_of(page)
    for target, rule in (("optimizer.beta1", "adam"), ("optimizer.lr", "adam")):
        session.edit(lambda spec: spec.with_(optimizer="sgd"))
        session.turn(target, 0.5, rule=rule)
    assert rate(session) == 0.1
    assert session.turns == 0


@pytest.mark.parametrize("eps", [1e-12, 2e-12, 3e-12, 1e-11])
def test_a_tiny_value_is_shown_as_it_is_and_not_as_its_neighbour(eps: float) -> None:
    page = built(open_train({"dataset": "moons", "optimizer": f"adam:eps={eps}"}))
    keys = [widget(page.run(), "live.adam.eps").key for _ in range(2)]
    assert widget(page, "live.adam.eps").value == eps == session_of(page).snapshot().lanes[0].knobs["optimizer.eps"]
    assert keys[0] == keys[1]
    assert spec_in(page).optimizer.knobs["eps"] == eps


def test_an_edit_that_changes_nothing_restarts_nothing() -> None:
    page = training({"dataset": "moons"})
    session = session_of(page)
    session.edit(lambda spec: spec)
    assert session.generation == 0


def test_a_target_moved_after_a_live_change_leaves_the_race_alone() -> None:
    page = open_race(SHORT)
    session = race_of(page)
    page.button(key="bar.play").click().run()
    hold(page)
    mode = page.button_group(key="rates.mode")
    widget(page, "lane.0.sgd.lr").set_value(0.3).run()
    page.session_state["seen.target"] = 0.5  # as the board reports a dragged line
    page.run()
    mode.run()  # the page of before, sent again
    assert session.generation == 0
    assert session.knob("optimizer.lr", session.snapshot(), 0) == 0.3
    assert widget(page, "view.target").value == 0.5


def test_an_update_without_a_pace_is_not_paid_in_advance(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("nnviz.runs.clock.monotonic", lambda: now[0])
    clock = Clock()
    assert clock.owed(0.1) == 1
    clock.count(1)
    for _ in range(5400):  # at full speed
        assert clock.owed(0.0) > 1
        clock.count(1)
    assert clock.owed(0.1) == 1
    clock.count(1)
    now[0] += 0.1
    assert clock.owed(0.1) == 1
