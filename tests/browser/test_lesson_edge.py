"""A journey through the lesson on the edge of stability: the rate is turned while it trains."""

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

DIAL = "input[data-dial='optimizer.lr']"
LIMIT = "graph._fullData.find(({ name }) => name === '2 / learning rate').y.at(-1)"
SHARPNESS = "graph._fullData.find(({ name }) => name === 'sharpness').y.length"


def test_the_sharpness_is_drawn_while_it_trains_and_its_line_follows_the_dial_that_is_dragged(visitor: Visitor) -> None:
    visitor.open("/Edge_of_stability?lr=0.5")
    visitor.wait("Number(document.querySelector('[data-chart=sharpness]')?.dataset.draws) > 0")
    visitor.press("Play")
    visitor.wait_for_step(200)
    visitor.chart("sharpness").scroll_into_view_if_needed()
    assert visitor.ask_chart("sharpness", SHARPNESS) > 2
    assert visitor.ask_chart("sharpness", LIMIT) == pytest.approx(4)
    the_rate_is_dragged(visitor)
    comes_back_after_a_reload(visitor)
    a_rate_that_is_far_too_large_is_lost_and_solves_a_task(visitor)


def the_rate_is_dragged(visitor: Visitor) -> None:
    dial = visitor.page.locator(DIAL)
    box = dial.bounding_box()
    assert box is not None
    height = box["y"] + box["height"] / 2
    before = visitor.step()
    visitor.page.mouse.move(box["x"] + 0.56 * box["width"], height)
    visitor.page.mouse.down()
    visitor.page.mouse.move(box["x"] + 0.7 * box["width"], height, steps=6)
    visitor.wait("document.querySelector('[data-chart=sharpness] .js-plotly-plot')._fullData[1].y.at(-1) < 3")
    visitor.page.mouse.up()
    visitor.wait_for_step(before + 1)  # it went on
    visitor.wait("new URL(location).searchParams.get('lr') > 0.7")


def comes_back_after_a_reload(visitor: Visitor) -> None:
    visitor.press("Pause")
    rate = visitor.page.locator(DIAL).get_attribute("aria-valuetext")
    visitor.page.reload()
    visitor.wait("Number(document.querySelector('[data-chart=sharpness]')?.dataset.draws) > 0")
    assert visitor.page.locator(DIAL).get_attribute("aria-valuetext") == rate
    assert visitor.step() > 200


def a_rate_that_is_far_too_large_is_lost_and_solves_a_task(visitor: Visitor) -> None:
    visitor.press("Reset")
    visitor.page.locator(DIAL).press("End")
    visitor.wait("new URL(location).searchParams.get('lr') == 3")
    visitor.press("Play")
    visitor.wait_for_status("Diverged")
    expect(visitor.page.get_by_text("there was no time to turn to a better place")).to_be_visible()
