"""The lesson on depth in a browser: dials and points answer while they are dragged, tasks turn green."""

import pytest

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

LAST_LAYER = (
    "Math.max(...(document.querySelector('[data-chart=forward] .js-plotly-plot')?._fullData ?? [])"
    ".flatMap((each) => Array.from(each.x)))"
)
ANSWERS = (
    "JSON.stringify(Array.from("
    "document.querySelector('[data-chart=outputs] .js-plotly-plot')?._fullData?.at(-1).x ?? []))"
)


def solved(visitor: Visitor, words: str) -> None:
    """Wait until a task stands in green."""
    visitor.wait(
        "[...document.querySelectorAll('[data-testid=stMarkdownContainer] .stMarkdownColoredText')]"
        ".some((each) => each.textContent.includes(x))",
        words,
    )


def test_points_and_the_depth_answer_before_they_are_let_go(visitor: Visitor) -> None:
    visitor.open("/Depth?depth=5")
    a_dragged_point_moves_its_answer(visitor)
    the_network_grows_deeper_while_its_dial_is_held(visitor)


def the_network_grows_deeper_while_its_dial_is_held(visitor: Visitor) -> None:
    dial = visitor.page.locator("input[data-dial=depth]")
    dial.scroll_into_view_if_needed()
    visitor.wait(f"{LAST_LAYER} === 5")
    box = dial.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    visitor.page.mouse.move(box["x"] + box["width"] * 4 / 29, middle)
    visitor.page.mouse.down()
    visitor.page.mouse.move(box["x"] + box["width"] * 0.7, middle, steps=6)
    visitor.wait(f"{LAST_LAYER} > 15")  # the button is still down
    visitor.page.mouse.up()
    visitor.wait("new URLSearchParams(location.search).get('depth') > 15")


def a_dragged_point_moves_its_answer(visitor: Visitor) -> None:
    visitor.wait(f"{ANSWERS} !== '[]'")
    before = visitor.page.evaluate(ANSWERS)
    dot = visitor.chart("inputs").locator(".scatterlayer .point").first
    box = dot.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    visitor.page.mouse.move(x, y)
    visitor.page.mouse.down()
    visitor.page.mouse.move(x - 60, y + 40, steps=5)
    visitor.wait(f"{ANSWERS} !== x", before)  # the button is still down
    visitor.page.mouse.up()
    visitor.wait("location.search.includes('points=')")


def test_switching_the_activation_off_straightens_the_border_and_solves_the_task(visitor: Visitor) -> None:
    visitor.open("/Depth?updates=400")
    visitor.page.get_by_text("Activation ρ between the layers").click()
    solved(visitor, "draw the same line")
    visitor.wait("document.querySelector('[data-counter=agreement] dd').textContent === '100.0 %'")
