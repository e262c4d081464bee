"""Journeys through the lesson on affine maps: dials and rings that answer while they are held."""

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser


def place(visitor: Visitor, chart: str, x: float, y: float) -> tuple[float, float]:
    """Where on the screen a point of a chart is."""
    visitor.chart(chart).scroll_into_view_if_needed()
    found = visitor.ask_chart(
        chart,
        "[graph.getBoundingClientRect().left + graph._fullLayout.xaxis._offset, "
        "graph.getBoundingClientRect().top + graph._fullLayout.yaxis._offset, "
        "graph._fullLayout.xaxis._length, graph._fullLayout.yaxis._length]",
    )
    left, top, width, height = map(float, found)
    return left + (x + 4) / 8 * width, top + (4 - y) / 8 * height


def drag(visitor: Visitor, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Move the mouse from one point of the chart to another with the button held; it stays held."""
    visitor.hold(place(visitor, "after", *start), place(visitor, "after", *end))


def test_rings_and_dials_change_figures_and_numbers_while_they_are_held_and_solve_tasks(visitor: Visitor) -> None:
    visitor.open("/Affine_maps?rate=0.5&steps=5")
    assert visitor.counter("determinant") == "1.500"
    a_faster_descent_reaches_the_least_loss(visitor)
    both_rings_are_dragged_to_a_quarter_turn(visitor)
    a_dial_changes_figure_and_numbers(visitor)


def a_faster_descent_reaches_the_least_loss(visitor: Visitor) -> None:
    draws = visitor.draws("losses")
    visitor.hold(visitor.dial_spot("steps", 0.02), visitor.dial_spot("steps", 0.5))
    visitor.wait("Number(document.querySelector('[data-chart=losses]').dataset.draws) > x", draws)
    visitor.page.mouse.up()
    expect(visitor.page.get_by_text("The loss is nearly the least")).to_be_visible()


def both_rings_are_dragged_to_a_quarter_turn(visitor: Visitor) -> None:
    drag(visitor, (2.25, 0), (1, 0.5))
    visitor.wait("location.search.includes('w11=0&')")
    visitor.page.mouse.up()
    drag(visitor, (0.5, 0.5), (0, -0.5))
    visitor.page.mouse.up()
    expect(visitor.page.get_by_text("nothing is bent out of shape")).to_be_visible()
    visitor.wait("document.querySelector('[data-counter=determinant] dd').textContent === '1.000'")


def a_dial_changes_figure_and_numbers(visitor: Visitor) -> None:
    """Turn the matrix of the quarter turn, and look while the dial is still held."""
    draws = visitor.draws("after")
    visitor.hold(visitor.dial_spot("w12", 2 / 6), visitor.dial_spot("w12", 0.5))
    visitor.wait("Number(document.querySelector('[data-chart=after]').dataset.draws) > x", draws)
    visitor.wait("document.querySelector('[data-counter=determinant] dd').textContent !== '1.000'")
    visitor.page.mouse.up()
