"""Branches on the pages under AppTest: the dialog, the cards, those that are behind, and who may do what."""

import pytest
from streamlit.testing.v1 import AppTest

from nnviz.catalog.links import read_planned
from nnviz.records.status import Status
from nnviz.sessions.session import Session
from tests.branched import stepped
from tests.runs import wait_for
from tests.tab import Tab
from tests.test_pages import open_train, plan_in
from tests.test_pages import session_of as train_of
from tests.test_race_page import open_race, race_in, session_of

pytestmark = pytest.mark.usefixtures("own_registry")

RACE = {"dataset": "moons", "model": "mlp:hidden=8", "epochs": "0", "lanes": "sgd;momentum;adam"}
EIGHT = {**RACE, "lanes": "sgd;momentum;nag;adagrad;adadelta;rmsprop;adam;adamw"}


def rested(page: AppTest, session: Session, *counts: int) -> Tab:
    """Do some updates, with a rest after each number of them, and open a tab on what came of it."""
    for count in counts:
        stepped(session, count)
    page.run()
    return Tab(page)


def texts_on(page: AppTest) -> str:
    return " ".join(part.value for part in [*page.caption, *page.markdown])


def asked(tab: Tab, step: int, **answers: str) -> None:
    """Ask to go on from a moment, and answer what the dialog asks."""
    tab.go_on_from(step)
    tab.hear()
    for name, answer in answers.items():
        part = next(part for key, part in tab.parts.items() if key.startswith(f"fork.{name}"))
        tab.turn(part, answer)
        tab.hear()


def test_a_lane_of_a_race_goes_on_with_another_optimizer_and_is_let_go_on_its_card() -> None:
    page = open_race(RACE)
    session = session_of(page)
    tab = rested(page, session, 6, 6)
    asked(tab, 6, lane="Adam", optimizer="SGD")
    assert "SGD begins with a fresh memory" in texts_on(page)
    tab.press("fork.go")
    tab.hear()
    assert wait_for(lambda: len(session.snapshot().lanes) == 4)
    tab = rested(page, session, 1)
    branch = session.snapshot().lanes[3]
    assert (branch.parent, branch.since, branch.spec.optimizer.name) == ("2", 6, "sgd")
    assert [str(each) for each in race_in(page).branches] == ["3@2:6:sgd"]
    assert tab.shown("lane.3.sgd.lr") == "0.1"
    assert "Branch 1: catching up" in texts_on(page)
    tab.press("branches.stay")
    tab.hear()
    assert wait_for(lambda: not session.snapshot().lanes[3].is_catching_up)
    page.run()
    assert "Branch 1: behind the rest of the run" in texts_on(page)
    tab = Tab(page)
    tab.unfold(tab.popovers[3])
    tab.hear()
    assert "Goes on from Adam at update 6, with SGD." in texts_on(page)
    tab.press("lane.3.let_go")
    assert wait_for(lambda: len(session.snapshot().lanes) == 3)
    page.run()
    assert race_in(page).branches == ()
    assert not page.exception


def test_a_full_race_says_so() -> None:
    page = open_race(EIGHT)
    tab = rested(page, session_of(page), 3)
    asked(tab, 3)
    assert "This run has 8 lanes, as many as a run can have." in texts_on(page)
    assert "fork.go" not in tab.buttons


def test_who_watches_is_not_asked_and_whoever_opens_the_link_sees_the_same_lane() -> None:
    page = open_train({"dataset": "moons", "model": "mlp:hidden=4", "epochs": "0"})
    session = train_of(page)
    tab = rested(page, session, 6)
    asked(tab, 6, optimizer="RMSprop")
    tab.press("fork.go")
    rested(page, session, 3)
    query = {name: str(value) for name, value in page.query_params.items()}
    assert (query["branches"], query["focus"]) == ("1@0:6:rmsprop", "1")
    session.owner = "somebody else"
    watching = Tab(open_train({"run": session.id}))
    watching.go_on_from(6)
    watching.hear()
    assert "fork.go" not in watching.buttons
    assert watching.parts["branches.focus"].disabled
    del query["run"]
    copy = open_train(query)
    assert plan_in(copy) == read_planned(query)
    assert "The link lets branches begin after update 6." in texts_on(copy)
    rested(copy, train_of(copy), 9)
    assert Tab(copy).shown("branches.focus") == "Branch 1"
    assert train_of(copy).snapshot().lanes[0].curve.losses.tolist() == session.snapshot().lanes[0].curve.losses.tolist()


def test_a_run_that_was_let_come_to_its_end_goes_on_from_an_earlier_moment() -> None:
    page = open_race({**RACE, "epochs": "2"})
    session = session_of(page)
    session.play()
    assert wait_for(lambda: session.snapshot().status == Status.DONE)
    page.run()
    tab = Tab(page)
    asked(tab, 0, lane="Momentum")
    tab.press("fork.go")
    assert wait_for(lambda: len(session.snapshot().lanes) == 4 and session.snapshot().status == Status.DONE)
    again = next(lane for lane in session.snapshot().lanes if lane.parent)
    assert again.curve.losses.tolist() == session.snapshot().lanes[1].curve.losses.tolist()
