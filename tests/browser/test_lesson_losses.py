"""Journeys through the lesson on losses, in a real browser against a real server."""

import pytest
from playwright.sync_api import expect

from tests.browser.strokes import is_drawn_as_moved
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

LINE = """
  const files = performance.getEntriesByType("resource").map((each) => each.name);
  const line = (await import(files.find((name) => name.endsWith("/line.js")))).lines.get("losses.fit");
"""
# Drag for 0.8 s without a rest, and count the drawings meanwhile and what the page is told until it has followed.
DRAG = (
    "async () => {"
    + LINE
    + """
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const dial = document.querySelector("input[data-dial=w]"), card = document.querySelector("[data-chart=fitted]");
  const tell = line.hand, draws = Number(card.dataset.draws);
  let told = 0;
  line.hand = (word) => { told += 1; tell.call(line, word); };
  for (let at = 1; at <= 20; at += 1) {
    dial.value = at / 20;
    dial.dispatchEvent(new Event("input", { bubbles: true }));
    await wait(40);
  }
  const drawn = Number(card.dataset.draws) - draws;
  while (line.owed) await wait(20);
  delete line.hand;
  return [drawn, told];
}"""
)
# The same with one end of the line.
MOVE = (
    "async ([x, y]) => {"
    + LINE
    + """
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const card = document.querySelector("[data-chart=fitted]"), draws = Number(card.dataset.draws), tell = line.hand;
  const send = (kind, up) => document.elementFromPoint(x, y).dispatchEvent(
    new PointerEvent(kind, { clientX: x, clientY: y - up, bubbles: true, isPrimary: true, button: 0 }));
  let told = 0;
  line.hand = (word) => { told += 1; tell.call(line, word); };
  send("pointerdown", 0);
  for (let at = 1; at <= 40; at += 1) {
    send("pointermove", at);
    await wait(40);
  }
  const drawn = Number(card.dataset.draws) - draws;
  send("pointerup", 40);
  while (line.owed) await wait(20);
  delete line.hand;
  return [drawn, told];
}"""
)
# Turn a dial by one stop or another in a moment.
SOON = """([name, way]) => setTimeout(() => {
  const dial = document.querySelector(`input[data-dial=${name}]`);
  dial.value = Number(dial.value) + way;
  dial.dispatchEvent(new Event("input", { bubbles: true }));
}, 300)"""
CUT = "async () => {" + LINE + "line.drop(); }"

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
    a_dial_is_answered_while_it_is_dragged_and_the_page_is_asked_when_the_hand_rests(visitor)
    what_a_dial_moves_by_hand_the_library_draws_in_the_same_place(visitor)
    what_was_turned_stays_on_the_way_through_another_lesson_and_after_a_reload(visitor)
    another_tab_has_its_own_dials_and_without_a_line_the_page_answers(visitor)
    a_point_is_answered_while_it_is_dragged_and_the_page_is_asked_when_the_hand_rests(visitor)


def slope(visitor: Visitor) -> str:
    return visitor.page.locator("input[data-dial=w]").input_value()


def a_dial_is_answered_while_it_is_dragged_and_the_page_is_asked_when_the_hand_rests(visitor: Visitor) -> None:
    visitor.wait("location.search.includes('points')")
    drawn, told = visitor.page.evaluate(DRAG)
    assert drawn > 1
    assert 1 <= told < 10  # once, but for a machine that stops for longer than a hand rests
    visitor.wait("new URLSearchParams(location.search).get('w') === '1'")
    expect(visitor.page.locator(".st-key-losses-fit-0 annotation").nth(1)).to_contain_text("f(x)=1\\,x")
    visitor.wait(SAME_BOTH_WAYS)
    visitor.page.locator("input[data-dial=w]").press("ArrowLeft")
    visitor.wait("new URLSearchParams(location.search).get('w') === '0.99'")


def what_a_dial_moves_by_hand_the_library_draws_in_the_same_place(visitor: Visitor) -> None:
    turned = {"fitted": ("w", 0.2), "over_slopes": ("w", -0.2), "probabilities": ("temperature", 0.1)}
    for chart, (dial, way) in turned.items():
        assert any(is_turned_as_drawn(visitor, chart, dial, way) for _ in range(3)), chart


def is_turned_as_drawn(visitor: Visitor, chart: str, dial: str, way: float) -> bool:
    """Turn a dial and compare; a late answer may come in between."""
    visitor.page.mouse.move(0, 0)
    visitor.chart(chart).scroll_into_view_if_needed()
    visitor.page.evaluate(SOON, [dial, way])
    return is_drawn_as_moved(visitor, chart)


def what_was_turned_stays_on_the_way_through_another_lesson_and_after_a_reload(visitor: Visitor) -> None:
    turned = slope(visitor)  # once, or as often as late answers came in between
    visitor.page.get_by_role("link", name="1 · Learning").click()
    visitor.wait("document.querySelector('[data-chart=boundary]')")
    visitor.page.get_by_role("link", name="5 · Losses").click()
    visitor.wait("document.querySelector('input[data-dial=w]')?.value === x", turned)
    visitor.wait("new URLSearchParams(location.search).get('w') === x", turned)
    visitor.page.reload()
    visitor.wait("document.querySelector('input[data-dial=w]')?.value === x", turned)


def another_tab_has_its_own_dials_and_without_a_line_the_page_answers(visitor: Visitor) -> None:
    first, visitor.page = visitor.page, visitor.new_tab()
    visitor.open("/Losses?w=0.2")
    visitor.page.evaluate(CUT)
    before = visitor.draws("fitted")
    visitor.page.locator("input[data-dial=w]").press("ArrowRight")
    visitor.wait("new URLSearchParams(location.search).get('w') === '0.21'")
    visitor.wait("Number(document.querySelector('[data-chart=fitted]').dataset.draws) > x", before)
    visitor.page = first
    assert slope(visitor) == "0.99"


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


def a_point_is_answered_while_it_is_dragged_and_the_page_is_asked_when_the_hand_rests(visitor: Visitor) -> None:
    before = float(slope(visitor))
    drawn, told = visitor.page.evaluate(MOVE, place(visitor, "fitted", "line", 1))
    assert drawn  # however slow the machine is
    assert 1 <= told < 10  # once, but for a machine that stops for longer than a hand rests
    after = float(slope(visitor))
    assert after > before
    visitor.wait(
        "Math.abs(new URLSearchParams(location.search).get('w') - x) < 0.01", after
    )  # the dial shows two digits


def a_bar_is_dragged_to_a_confident_mistake_and_another_class_is_chosen(visitor: Visitor) -> None:
    x, y = place(visitor, "logits", "logits", 1)
    visitor.hold((x, y), (x, y - 120))
    expect(visitor.page.locator(".st-key-losses-tasks-even")).to_contain_text("punishes most")
    visitor.page.mouse.up()
    visitor.page.mouse.click(*place(visitor, "logits", "logits", 2))
    visitor.page.wait_for_function("() => location.search.includes('right=2')")
