"""Journeys through the lesson on losses, in a real browser against a real server."""

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

PLACE = """(() => {{
  const {{ xaxis, yaxis }} = graph._fullLayout, box = graph.getBoundingClientRect();
  const trace = graph._fullData.find((each) => each.meta?.handle?.name === '{name}');
  const x = xaxis._offset + xaxis.d2p(trace.x[{index}]), y = yaxis._offset + yaxis.d2p(trace.y[{index}]);
  return [box.left + x, box.top + y];
}})()"""
COUNT = (
    "document.querySelector('[data-chart=fitted] .js-plotly-plot')"
    "._fullData.find((trace) => trace.meta?.handle?.name === 'points').x.length"
)

SAME_BOTH_WAYS = "document.querySelector('[data-counter=nll] dd').textContent === " + (
    "document.querySelector('[data-counter=formula] dd').textContent"
)


def place(visitor: Visitor, chart: str, name: str, index: int) -> tuple[float, float]:
    """Find a handle on the screen."""
    visitor.wait("document.querySelector(`[data-chart=${x}]`)", chart)
    visitor.chart(chart).scroll_into_view_if_needed()
    visitor.wait("Number(document.querySelector(`[data-chart=${x}]`).dataset.draws) > 0", chart)
    x, y = visitor.ask_chart(chart, PLACE.format(name=name, index=index))
    return x, y


def drag_dial(visitor: Visitor, name: str, share: float) -> None:
    """Press a dial's thumb and move it to a share of its way, without letting go."""
    dial = visitor.page.locator(f"input[data-dial={name}]")
    now = float(dial.evaluate("(node) => (node.value - node.min) / (node.max - node.min)"))
    visitor.hold(visitor.dial_spot(name, now), visitor.dial_spot(name, share))


def test_dials_lines_points_and_bars_answer_while_they_are_dragged_and_solve_tasks(visitor: Visitor) -> None:
    visitor.open("/Losses")
    a_bar_is_dragged_to_a_confident_mistake_and_another_class_is_chosen(visitor)
    a_dial_redraws_its_figures_before_it_is_let_go_and_solves_a_task(visitor)
    the_line_follows_its_handle_and_points_come_and_go(visitor)


def a_dial_redraws_its_figures_before_it_is_let_go_and_solves_a_task(visitor: Visitor) -> None:
    before = visitor.draws("over_sigmas")
    drag_dial(visitor, "sigma", 0.05)
    visitor.wait("Number(document.querySelector('[data-chart=over_sigmas]').dataset.draws) > x", before)
    expect(visitor.page.locator(".st-key-losses-tasks-squares")).to_contain_text("misplaced confidence")
    visitor.page.mouse.up()
    visitor.wait(SAME_BOTH_WAYS)


def the_line_follows_its_handle_and_points_come_and_go(visitor: Visitor) -> None:
    x, y = place(visitor, "fitted", "line", 1)
    visitor.hold((x, y), (x, y - 40))
    visitor.wait("Number(document.querySelector('input[data-dial=w]').value) > 0.5")
    visitor.page.mouse.up()
    visitor.page.wait_for_function("() => location.search.includes('w=')")
    x, y = place(visitor, "fitted", "points", 3)
    visitor.page.mouse.click(x, y + 40)
    visitor.wait(f"{COUNT} === 9")
    visitor.page.mouse.dblclick(x, y)
    visitor.wait(f"{COUNT} === 8")


def a_bar_is_dragged_to_a_confident_mistake_and_another_class_is_chosen(visitor: Visitor) -> None:
    x, y = place(visitor, "logits", "logits", 1)
    visitor.hold((x, y), (x, y - 120))
    expect(visitor.page.locator(".st-key-losses-tasks-even")).to_contain_text("punishes most")
    visitor.page.mouse.up()
    visitor.page.mouse.click(*place(visitor, "logits", "logits", 2))
    visitor.page.wait_for_function("() => location.search.includes('right=2')")
