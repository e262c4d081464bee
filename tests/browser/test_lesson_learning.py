"""Journeys through the lesson on learning: dials that answer while they are dragged."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser


def dial(visitor: Visitor, name: str) -> Locator:
    return visitor.page.locator(f"input[data-dial={name}]")


def test_the_lesson_is_reached_from_the_menu_and_a_dial_changes_its_figures_while_it_is_held(visitor: Visitor) -> None:
    visitor.page.goto(visitor.url + "/Foundations")
    visitor.page.get_by_role("link", name="What learning is").click()
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


def test_play_trains_by_itself_and_a_task_turns_green(visitor: Visitor) -> None:
    visitor.open("/Learning?lr=2")
    visitor.press("Play")
    expect(visitor.page.get_by_text("hardly any example contradicts")).to_be_visible()
    visitor.press("Pause")
    expect(visitor.button("Play")).to_be_visible()


def test_a_part_opens_train_with_that_part_pointed_at(visitor: Visitor) -> None:
    visitor.open("/Learning?hidden=5")
    visitor.page.get_by_role("link", name="Model").first.click()
    visitor.page.wait_for_url("**/Train?**")
    expect(visitor.page.get_by_role("spinbutton", name="Layer 1")).to_have_value("5")
    expect(visitor.page.locator("section[data-testid=stSidebar] h3 span[style*=background]")).to_have_text(
        "2 · Network"
    )
