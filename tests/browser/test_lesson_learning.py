"""Journeys through the lesson on learning: dials that answer while they are dragged."""

import re

import pytest
from playwright.sync_api import Locator, expect

from nnviz.ui.lesson_kit.menu import LESSONS
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser


def dial(visitor: Visitor, name: str) -> Locator:
    return visitor.page.locator(f"input[data-dial={name}]")


def test_the_lesson_is_reached_from_the_menu_and_a_dial_changes_its_figures_while_it_is_held(visitor: Visitor) -> None:
    visitor.page.goto(visitor.url + "/Foundations")
    visitor.page.get_by_role("link", name="What learning is").first.click()
    visitor.wait_for_charts()
    expect(visitor.page.get_by_role("heading", name="What learning is")).to_be_visible()
    draws = visitor.draws("boundary_loss")
    visitor.hold(visitor.dial_spot("updates", 0.01), visitor.dial_spot("updates", 0.5))
    visitor.wait("Number(document.querySelector('[data-chart=boundary_loss]').dataset.draws) > x", draws)
    held = visitor.page.evaluate("location.search")
    visitor.page.mouse.move(*visitor.dial_spot("updates", 0.75), steps=8)
    visitor.wait("location.search !== x", held)
    visitor.page.mouse.up()
    value = dial(visitor, "updates").input_value()
    visitor.wait("location.search.includes(`updates=${x}`)", value)
    expect(dial(visitor, "updates")).to_have_value(value)


def test_play_solves_a_task_that_stays_solved_in_this_browser_until_the_lesson_is_started_over(
    visitor: Visitor,
) -> None:
    visitor.open("/Learning?lr=2")
    visitor.press("Play")
    praise = "hardly any example contradicts"
    expect(visitor.page.get_by_text(praise)).to_be_visible()
    visitor.press("Pause")
    expect(visitor.button("Play")).to_be_visible()
    visitor.wait("document.cookie.includes('learning.algorithm')")
    visitor.page.close()
    visitor.page = visitor.new_tab()
    the_next_tab_begins_with_it_and_adds_what_it_solves(visitor, praise)
    another_browser_knows_nothing_of_it(visitor)
    starting_over_forgets_it_and_a_tab_of_before_does_not_bring_it_back(visitor, praise)


def the_next_tab_begins_with_it_and_adds_what_it_solves(visitor: Visitor, praise: str) -> None:
    visitor.open("/Learning")  # from the start: nothing but the cookie tells of it
    expect(visitor.page.get_by_text(praise)).to_be_visible()
    visitor.page.evaluate("document.cookie = 'nnviz_solved=learning.algorithm~depth.rank~nonsense'")  # of another tab
    visitor.page.locator("input[data-dial=hidden]").press("Home")
    visitor.page.locator("input[data-dial=updates]").press("End")
    expect(visitor.page.get_by_text("the model is part of the answer")).to_be_visible()
    visitor.wait("document.cookie.includes('nnviz_solved=depth.rank~learning.algorithm~learning.model')")


def another_browser_knows_nothing_of_it(visitor: Visitor) -> None:
    other = Visitor(visitor.browser, visitor.url)
    other.page.goto(visitor.url + "/Foundations")
    expect(other.page.get_by_text("Begin with the first lesson")).to_be_visible()
    other.close()


def starting_over_forgets_it_and_a_tab_of_before_does_not_bring_it_back(visitor: Visitor, praise: str) -> None:
    before, visitor.page = visitor.page, visitor.new_tab()
    visitor.page.goto(visitor.url + "/Learning")
    expect(visitor.page.get_by_text(praise)).to_be_visible()
    visitor.press("Start over")
    expect(visitor.page.get_by_text(praise)).to_have_count(0)
    visitor.wait("!document.cookie.includes('learning')")
    before.get_by_role("link", name="All lessons").click()
    expect(before.get_by_text(re.compile("[23] of 3 tasks done"))).to_be_visible()  # it still knows
    visitor.page.get_by_role("link", name="All lessons").click()
    expect(
        visitor.page.get_by_text(f"1 of {sum(len(lesson.texts.tasks) for lesson in LESSONS.values())} tasks")
    ).to_be_visible()
    assert "learning" not in visitor.page.evaluate("document.cookie")
    visitor.press("Forget what is done")
    visitor.wait("!document.cookie.includes('nnviz_solved')")


def test_a_part_opens_train_with_that_part_pointed_at(visitor: Visitor) -> None:
    visitor.open("/Learning?hidden=5")
    visitor.page.get_by_role("link", name="Model").first.click()
    visitor.page.wait_for_url("**/Train?**")
    expect(visitor.page.get_by_role("spinbutton", name="Layer 1")).to_have_value("5")
    expect(visitor.page.locator("section[data-testid=stSidebar] h3 span[style*=background]")).to_have_text(
        "2 · Network"
    )
