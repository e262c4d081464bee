"""The checks of a set-up on the Train page."""

import pytest
from streamlit.testing.v1 import AppTest

from nnviz.records.checked import CheckList
from nnviz.runs.trial import Trial
from nnviz.words.checks import CHECKS
from tests.runs import wait_for
from tests.test_pages import open_train, session_of

pytestmark = pytest.mark.usefixtures("own_registry")

MOONS = {"dataset": "moons", "model": "mlp:hidden=4", "epochs": "0"}


def found_in(page: AppTest) -> CheckList:
    checks = session_of(page).stand.checks
    assert checks is not None
    return checks.state()


def finished(page: AppTest) -> AppTest:
    page.button(key="checks.run").click().run()
    assert wait_for(lambda: found_in(page).status.is_over)
    page.run()
    assert not page.exception
    return page


def rows(page: AppTest) -> list[str]:
    said = [str(part.value) for part in page.markdown]
    return [text for text in said if any(f"**{title}**" in text for title, _ in CHECKS.values())]


def test_one_press_does_all_three_and_says_what_was_found() -> None:
    page = open_train(MOONS)
    assert [row.split("[")[0] for row in rows(page)] == [":gray"] * 3
    page = finished(page)
    assert [row.split("[")[0] for row in rows(page)] == [":green"] * 3
    assert "updates" in rows(page)[0]
    assert session_of(page).snapshot().lanes[0].step == 0


def test_what_is_wrong_is_red_with_what_to_suspect() -> None:
    page = finished(open_train({**MOONS, "initializer": "zeros"}))
    assert rows(page)[0].startswith(":red")
    assert "first weights that are all alike" in rows(page)[0]


def test_who_watches_sees_what_was_found_and_cannot_press() -> None:
    page = finished(open_train(MOONS))
    session = session_of(page)
    session.owner = "somebody else"
    watcher = open_train({"run": session.id})
    assert rows(watcher) == rows(page)
    assert watcher.button(key="checks.run").disabled


def test_checks_under_way_can_be_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Trial, "begin", lambda trial, copied: None)  # its copy does not come
    page = open_train(MOONS)
    page.button(key="checks.run").click().run()
    page.button(key="checks.cancel").click().run()
    assert session_of(page).stand.checks is None
    assert not page.run().button(key="checks.run").disabled


def test_checks_that_fail_say_why(monkeypatch: pytest.MonkeyPatch) -> None:
    page = open_train(MOONS)

    def failing(*arguments: object) -> None:
        raise ValueError("no such example")

    monkeypatch.setattr("nnviz.training.checks.training._bouts", failing)
    page = finished(page)
    assert [str(warning.value) for warning in page.warning] == ["no such example"]


def test_two_networks_against_each_other_are_offered_neither_checks_nor_a_rate() -> None:
    page = open_train({"dataset": "ring", "model": "gan", "loss": "non_saturating"})
    keys = [button.key for button in page.button]
    assert "bar.play" in keys
    assert "checks.run" not in keys
    assert "rate_test.find" not in keys
