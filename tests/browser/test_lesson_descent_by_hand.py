"""Journeys through gradient descent by hand: dials, samples and the start answer while they are dragged."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

LINK = "/Gradient_descent"
# Where a sample is on the screen, by its place in the list.
SAMPLE = (
    "(() => { const { xaxis, yaxis } = graph._fullLayout, box = graph.getBoundingClientRect();"
    " const place = graph.data.findIndex((each) => each.meta?.handle);"
    " const { x, y } = graph.calcdata[place][%d];"
    " return [box.x + xaxis._offset + xaxis.d2p(x), box.y + yaxis._offset + yaxis.d2p(y)]; })()"
)


def test_a_click_on_the_contour_is_the_start_and_play_walks_from_there(visitor: Visitor) -> None:
    visitor.open(LINK + "?step=0")
    box = visitor.page.locator("[data-chart=contour] .nsewdrag").bounding_box()
    assert box is not None
    visitor.page.mouse.click(box["x"] + 0.75 * box["width"], box["y"] + 0.75 * box["height"])
    visitor.wait("location.search.includes('w=')")
    query = parse_qs(urlsplit(visitor.page.url).query)
    assert float(query["w"][0]) == pytest.approx(2, abs=0.1)
    assert float(query["b"][0]) == pytest.approx(-2, abs=0.1)
    visitor.press("Play")
    visitor.wait("Number(new URLSearchParams(location.search).get('step')) >= 3")
    visitor.press("Pause")
    expect(visitor.button("Play")).to_be_visible()
    assert visitor.ask_chart("contour", "graph.calcdata.some((trace) => trace.length > 3)")


def test_samples_are_chosen_added_moved_and_taken_away_and_the_rate_zigzags_out(visitor: Visitor) -> None:
    visitor.open(LINK)
    a_keyboard_adds_moves_and_takes_away_points_and_says_how(visitor)
    a_click_chooses_a_sample_or_adds_one_and_delete_takes_it_away(visitor)
    a_dragged_sample_tips_the_line_and_the_task_turns_green(visitor)
    the_rate_zigzags_out_while_its_dial_is_still_held(visitor)


def a_keyboard_adds_moves_and_takes_away_points_and_says_how(visitor: Visitor) -> None:
    points = (
        "document.querySelector('[data-chart=data] .js-plotly-plot')?._fullData.find((each) => each.meta?.handle)?.y"
    )
    visitor.wait(f"{points}?.length === 14")
    visitor.page.locator("[data-chart=data] .nnviz-ask").focus()
    visitor.page.keyboard.press("Tab")
    expect(visitor.page.get_by_text("Insert adds a point.").first).to_be_visible()
    visitor.page.keyboard.press("Insert")
    visitor.wait(f"{points}.length === 15 && {points}.at(-1) === 0")
    visitor.page.keyboard.press("ArrowUp")
    visitor.wait(f"{points}.at(-1) > 0")
    visitor.page.keyboard.press("Delete")
    visitor.wait(f"{points}.length === 14")


def a_click_chooses_a_sample_or_adds_one_and_delete_takes_it_away(visitor: Visitor) -> None:
    visitor.page.mouse.click(*visitor.ask_chart("data", SAMPLE % 9))
    expect(visitor.page.get_by_text("for sample 10 of 14")).to_be_visible()
    box = visitor.page.locator("[data-chart=data] .nsewdrag").bounding_box()
    assert box is not None
    visitor.page.mouse.click(box["x"] + 0.1 * box["width"], box["y"] + 0.2 * box["height"])
    expect(visitor.page.get_by_text("for sample 15 of 15")).to_be_visible()
    visitor.page.mouse.click(*visitor.ask_chart("data", SAMPLE % 14))
    visitor.page.keyboard.press("Delete")
    expect(visitor.page.get_by_text("for sample 14 of 14")).to_be_visible()


def a_dragged_sample_tips_the_line_and_the_task_turns_green(visitor: Visitor) -> None:
    x, y = visitor.ask_chart("data", SAMPLE % 4)
    visitor.page.mouse.move(x, y)
    visitor.page.mouse.down()
    visitor.page.mouse.move(x, y + 60, steps=4)
    visitor.wait("location.search.includes('points=')")
    visitor.page.mouse.move(x, y + 600, steps=6)
    expect(visitor.page.get_by_text("one wrong sample can turn the line")).to_be_visible()
    visitor.page.mouse.up()
    visitor.press("Undo moves")
    visitor.wait("!location.search.includes('points=')")


def the_rate_zigzags_out_while_its_dial_is_still_held(visitor: Visitor) -> None:
    expect(visitor.status().first).to_contain_text("below")
    draws = visitor.draws("contour")
    formula = visitor.page.locator(".katex").filter(has_text="0.06").first
    expect(formula).to_be_visible()
    visitor.hold(visitor.dial_spot("lr", 0.54), visitor.dial_spot("lr", 0.75))  # 0.34
    visitor.wait("Number(document.querySelector('[data-chart=contour]').dataset.draws) > x", draws)
    expect(visitor.status().first).to_contain_text("zigzags out")
    visitor.page.mouse.up()
    assert visitor.ask_chart("contour", "graph._fullLayout.xaxis.range.map(Number)") == [-4, 4]
