"""Back in a run and on from there, in a real browser."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import ARTEFACTS
from tests.browser.test_push_page import LINE, Traffic
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
RUN = {"dataset": "digits", "epochs": "0", "seed": "3"}
CURSOR = "document.querySelector('[data-chart=loss] .nnviz-cursor:not([hidden])') !== null"
PLACE = "(card) => parseFloat(document.querySelector(`[data-chart=${card}] .nnviz-cursor`).style.left)"
LEFT = "(node) => node.getBoundingClientRect().left"
ASKS_OF_ADAM = """[...document.querySelectorAll('[role=dialog] *')].some(
  (each) => (each.value ?? each.textContent).includes('Adam, with its memory'))"""


ANSWERED = (
    "document.querySelector('.nnviz-past output').textContent.split(' of ')[0].replace(/\\D/g, '')"
    f" === String(Number({Visitor.STEP}))"
)


def moment(visitor: Visitor) -> str:
    return visitor.page.locator(".nnviz-past output").first.inner_text()


def step_back(visitor: Visitor, presses: int) -> None:
    """Go from one record to the one before, a number of times."""
    slider = visitor.page.get_by_role("slider", name="Moment of the run")
    slider.focus()
    slider.press("ArrowLeft")
    visitor.wait("document.querySelector('.nnviz-past output').textContent.startsWith('Update')")
    for _ in range(presses - 1):
        visitor.wait(ANSWERED)  # as a hand does that looks at what it has done
        before = visitor.step()
        slider.press("ArrowLeft")
        visitor.wait(f"Number({visitor.STEP}) < {before}")


def test_one_slider_moves_all_charts_back_and_a_branch_goes_on_from_there(visitor: Visitor) -> None:
    visitor.open_train(**RUN)
    visitor.press("Play")
    visitor.wait_for_step(100)
    track = visitor.page.locator(".nnviz-track").first
    left = track.evaluate(LEFT)
    step_back(visitor, 3)
    assert track.evaluate(LEFT) == left  # it does not slip away under the hand
    then, matrix = visitor.step(), visitor.ask_chart("confusion", "graph._fullData[0].z.map(String).join()")
    expect(visitor.status()).to_contain_text(f"Every chart shows the moment after update {then}.")
    visitor.wait(CURSOR)
    first = visitor.page.evaluate(PLACE, "loss")
    step_back(visitor, 2)
    assert visitor.page.evaluate(PLACE, "loss") < first
    assert f"Update {visitor.step()} of " in moment(visitor)
    visitor.page.get_by_role("slider", name="Moment of the run").press("ArrowRight")
    visitor.page.get_by_role("slider", name="Moment of the run").press("ArrowRight")
    visitor.wait(f"Number({visitor.STEP}) === {then}")
    visitor.wait_for_charts()
    assert visitor.ask_chart("confusion", "graph._fullData[0].z.map(String).join()") == matrix
    the_run_goes_on_meanwhile(visitor, then)
    a_branch_is_drawn_over_its_parent(visitor)
    visitor.page.locator(".st-key-branches button", has_text="Run").click()  # whose reader had looked back before
    visitor.wait("document.querySelector('.nnviz-past output').textContent.startsWith('Now')")
    visitor.wait_for_step(visitor.step() + 20)
    owner = visitor.become_a_stranger()
    who_watches_may_look_back_and_no_more(visitor)
    visitor.become(owner)
    expect(visitor.page.locator(".st-key-branches")).to_contain_text("Branch 1")
    visitor.press("Reset")
    expect(visitor.page.locator(".st-key-branches")).to_have_count(0)


def the_run_goes_on_meanwhile(visitor: Visitor, then: int) -> None:
    end = moment(visitor)
    visitor.wait(f"document.querySelector('.nnviz-past output').textContent !== {end!r}")
    assert visitor.step() == then
    visitor.page.get_by_role("button", name="Live", exact=True).click()
    visitor.wait(f"Number({visitor.STEP}) > {then}")
    expect(visitor.status().first).to_contain_text("Training")


def a_branch_is_drawn_over_its_parent(visitor: Visitor) -> None:
    step_back(visitor, 4)
    start = visitor.step()
    visitor.page.get_by_role("button", name="Go on from here").click()
    dialog = visitor.page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"Go on from update {start:,}")
    dialog.get_by_role("slider", name="Learning rate").press("ArrowRight")
    expect(dialog).to_contain_text("0.01")
    dialog.get_by_role("button", name="Go on").click()
    expect(dialog).to_have_count(0)
    expect(visitor.log()).to_have_count(1)
    expect(visitor.log()).to_contain_text(f"{start:,}: Learning rate 0.003 → 0.01")
    expect(visitor.slider("Learning rate")).to_have_attribute("aria-valuetext", "0.01")
    visitor.wait(f"Number({visitor.STEP}) > {start} + 30")
    visitor.wait_for_charts()
    lines = "graph._fullData.filter((each) => ['Run', 'Branch 1'].includes(each.name) && each.x.length > 2)"
    shown = visitor.ask_chart("loss", f"{lines}.map((each) => [each.name, each.x[0]])")
    assert {name: first >= start for name, first in shown} == {"Run": False, "Branch 1": True}


def who_watches_may_look_back_and_no_more(visitor: Visitor) -> None:
    expect(visitor.page.locator(".nnviz-fork:visible")).to_have_count(0)
    step_back(visitor, 1)
    expect(visitor.status()).to_contain_text("Every chart shows the moment after update")
    expect(visitor.page.locator(".nnviz-fork:visible")).to_have_count(0)


def test_where_nothing_can_be_pushed_the_page_asks_and_the_slider_moves_all_charts_by_it(visitor: Visitor) -> None:
    visitor.page.route_web_socket(LINE, lambda line: line.close())
    traffic = Traffic(visitor.page)
    visitor.open_train(**RUN)
    visitor.press("Play")
    visitor.wait_for_step(20)
    asked = traffic.asked
    visitor.wait_for_step(100)
    assert traffic.asked > asked
    step_back(visitor, 3)
    then = visitor.step()
    expect(visitor.status()).to_contain_text(f"Every chart shows the moment after update {then}.")
    visitor.wait(CURSOR)
    matrix = visitor.ask_chart("confusion", "graph._fullData[0].z.map(String).join()")
    the_run_goes_on_meanwhile(visitor, then)
    visitor.wait_for_charts()
    assert visitor.ask_chart("confusion", "graph._fullData[0].z.map(String).join()") != matrix
    visitor.page.locator(".st-key-menu").scroll_into_view_if_needed()
    visitor.press("Reset")  # a fresh run has no past
    visitor.wait_for_status("Ready")
    visitor.go("/Autoencoder?dataset=digits&epochs=0")  # with two boards
    visitor.press("Play")
    visitor.wait_for_step(60)
    step_back(visitor, 2)
    then = visitor.step()
    expect(visitor.status().first).to_contain_text(f"Every chart shows the moment after update {then}.")
    the_run_goes_on_meanwhile(visitor, then)


def test_a_run_that_is_ill_says_so_and_one_press_cures_it(browser: Browser, visitor: Visitor) -> None:
    visitor.open_train(dataset="digits", model="mlp:hidden=32,32", optimizer="sgd:lr=5", epochs="0")
    visitor.press("Play")
    finding = visitor.page.locator(".nnviz-finding")
    expect(finding).to_have_count(1)
    expect(finding).to_contain_text("are dead since update")
    other = Visitor(browser, visitor.url)
    other.page.goto(visitor.page.url)
    expect(other.page.locator(".nnviz-finding")).to_contain_text("are dead since update")
    expect(other.page.locator(".nnviz-cure")).to_have_count(0)
    other.leave(ARTEFACTS / "ill_watched.png")
    finding.get_by_role("button").click()
    expect(visitor.page.locator(".st-key-branches")).to_contain_text("Branch 1")
    expect(visitor.page.locator(".nnviz-findings")).to_have_text("Nothing looks wrong.")
    expect(visitor.slider("Learning rate")).to_have_attribute("aria-valuetext", re.compile(r"^0\."))  # was 5
    visitor.wait("Number(document.querySelector('[data-counter=test_loss] dd').textContent) < 1")


def test_a_lane_of_a_race_goes_on_catches_up_and_the_page_is_in_the_present_again(visitor: Visitor) -> None:
    visitor.open("/Race?dataset=moons&model=mlp:hidden=8&epochs=0&lanes=sgd;momentum;adam")
    visitor.press("Play")
    visitor.wait_for_step(100)
    step_back(visitor, 3)
    visitor.page.get_by_role("button", name="Go on from here").click()
    dialog = visitor.page.get_by_role("dialog")
    visitor.unfold(dialog.get_by_role("combobox", name="Of which lane"))
    visitor.page.get_by_role("option", name="Adam", exact=True).click()
    visitor.wait(ASKS_OF_ADAM)  # the menus below are drawn anew
    visitor.unfold(dialog.get_by_role("combobox", name="Optimizer"))
    visitor.page.get_by_role("option", name="SGD", exact=True).click()
    expect(dialog).to_contain_text("SGD begins with a fresh memory")
    dialog.get_by_role("button", name="Go on").click()
    visitor.wait("document.querySelector('.nnviz-past output').textContent.startsWith('Now')")
    expect(visitor.page.locator("[data-chart=leaderboard] tbody")).to_contain_text("Branch 1")
    expect(visitor.page.locator(".st-key-branches-catching")).to_have_count(0)  # it is level
    expect(visitor.status()).to_have_text("Racing.")
    steps = "[...document.querySelectorAll('[data-chart=leaderboard] tbody tr')].map((row) => row.cells[7].textContent)"
    visitor.wait(f"new Set({steps}).size === 1")
    visitor.page.locator(".st-key-lane-3 button").first.click()
    visitor.button("Let it go").click()
    expect(visitor.page.locator("[data-chart=leaderboard] tbody tr")).to_have_count(3)
    visitor.wait("!location.search.includes('branches')")
