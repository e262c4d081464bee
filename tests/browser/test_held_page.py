"""A slider of a live knob turns the run while it is held, and stays under the hand."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

JOURNAL = "decodeURIComponent(location.search)"
STOP_PX = 12  # more than half of the way from one stop to the next


def test_a_held_slider_turns_the_run_before_it_is_let_go_and_quick_keys_turn_it_once_each(visitor: Visitor) -> None:
    visitor.open_train(dataset="moons", epochs="0")
    for _ in range(2):
        visitor.turn("Speed")
    visitor.press("Play")
    visitor.wait_for_step(5)
    slider, field = visitor.slider("Learning rate"), visitor.page.get_by_role("textbox", name="Learning rate, typed")
    slider.evaluate("input => (window.held = input)")
    thumb = slider.locator("xpath=ancestor::div[@data-rac][1]").bounding_box()
    assert thumb
    mouse, x, y = visitor.page.mouse, thumb["x"] + thumb["width"] / 2, thumb["y"] + thumb["height"] / 2
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + STOP_PX, y)
    expect(visitor.log()).to_have_text([re.compile(r"Learning rate 0\.003 → 0\.01")])
    expect(field).to_have_value("0.01")
    mouse.move(x - 2 * STOP_PX, y)
    expect(visitor.log()).to_have_text([re.compile(r"Learning rate 0\.003 → 0\.0003|Learning rate 0\.003 → 0\.001")])
    shown = slider.get_attribute("aria-valuetext")
    visitor.page.wait_for_timeout(500)  # longer than the page waits before it is drawn anew by itself
    mouse.up()
    visitor.linger()
    assert slider.get_attribute("aria-valuetext") == shown
    assert slider.evaluate("input => input === window.held")
    assert shown
    expect(field).to_have_value(shown)
    slider.focus()
    for _ in range(4):
        visitor.page.keyboard.press("ArrowRight")
    last = slider.get_attribute("aria-valuetext")
    expect(visitor.log().last).to_have_text(re.compile(rf"→ {last}$"))
    visitor.linger()
    assert slider.evaluate("input => input === window.held && input === document.activeElement")
    visitor.press("Pause")
    visitor.wait(f"{JOURNAL}.includes('journal=')")
    rates = [float(rate) for rate in re.findall(r"optimizer\.lr:([\d.e+-]+)", visitor.page.evaluate(JOURNAL))]
    turned = rates[rates.index(min(rates)) :]
    assert turned == sorted(set(turned)), rates  # by the keys upwards only, and none twice
