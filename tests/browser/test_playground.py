"""The playground on the home page in a real browser: by mouse, by keyboard, by touch, and for who only watches."""

import re
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, expect

from nnviz.catalog.links import read_experiment
from nnviz.specs.experiment import ExperimentSpec
from tests.browser.server import AppServer
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
# Which run is shown, and how far it is.
RUN = "document.querySelector('.nnviz-board').dataset.stamp.split('.')[0]"
LINES = "[...document.querySelectorAll('.nnviz-network > svg path:nth-child(even)')]"
MIDDLE = "(node) => { const { top, height } = node.getBoundingClientRect(); return top + height / 2; }"
HEIGHT = "document.querySelector('[data-chart=field] .js-plotly-plot')._fullLayout.yaxis"
MAPS = "[...document.querySelectorAll('.nnviz-unit canvas')].map((map) => map.toDataURL())"


def spec_of(visitor: Visitor) -> ExperimentSpec:
    """Read what the address says."""
    query = dict(parse_qsl(urlsplit(visitor.page.url).query))
    return read_experiment({name: text for name, text in query.items() if name != "run"})


def dial(visitor: Visitor, name: str) -> Locator:
    """A dial of the board."""
    return visitor.page.locator(f"[data-dial='{name}']")


def unit(visitor: Visitor, name: str) -> Locator:
    """A unit, by its layer and its place in it, both from 0."""
    return visitor.page.locator(f"[data-unit='{name}']")


def drag(visitor: Visitor, name: str, share: float) -> None:
    """Draw a dial's knob from where it is to a share of its length, in steps, and hold it there."""
    found = dial(visitor, name)
    box = found.bounding_box()
    assert box is not None
    at = float(found.evaluate("(node) => node.style.getPropertyValue('--share')"))
    height = box["y"] + box["height"] / 2
    visitor.page.mouse.move(box["x"] + 9 + at * (box["width"] - 18), height)
    visitor.page.mouse.down()
    visitor.page.mouse.move(box["x"] + 9 + share * (box["width"] - 18), height, steps=6)


def test_one_plays_with_mouse_and_keyboard(visitor: Visitor) -> None:
    visitor.page.set_viewport_size({"width": 1366, "height": 768})
    visitor.open("/")
    everything_is_on_the_first_screen(visitor)
    it_learns_after_play(visitor)
    what_is_live_goes_on_while_it_is_dragged(visitor)
    what_is_not_starts_afresh_while_it_is_dragged_and_goes_on(visitor)
    layers_units_data_and_activation_are_a_press_away(visitor)
    a_unit_is_large_while_pointed_at_and_its_weights_are_set(visitor)
    the_keyboard_goes_from_unit_to_unit(visitor)
    a_reload_finds_it_and_train_opens_it(visitor)


def everything_is_on_the_first_screen(visitor: Visitor) -> None:
    parts = ["[data-chart=data]", "[data-chart=units]", "[data-chart=field] .nsewdrag", "[data-chart=loss] .nsewdrag",
             "[data-dial='optimizer.lr']", "[data-dial='dataset.noise']", ".st-key-bar-play"]  # fmt: skip
    for part in parts:
        box = visitor.page.locator(part).first.bounding_box()
        assert box is not None, part
        assert box["y"] >= 0, part
        assert box["y"] + box["height"] <= 768, part
    play, way_on = (
        visitor.page.locator(part).evaluate(MIDDLE) for part in (".st-key-bar-play button", ".st-key-bar a:visible")
    )
    assert abs(play - way_on) <= 2  # pixels


def it_learns_after_play(visitor: Visitor) -> None:
    before = visitor.page.evaluate(MAPS)
    visitor.press("Play")
    visitor.wait("Number(document.querySelector('[data-counter=test_accuracy] dd').textContent.split(' ')[0]) > 90")
    after = visitor.page.evaluate(MAPS)
    assert len(after) == 2 + 4 + 2 + 1
    changed = [old != new for old, new in zip(before, after, strict=True)]
    assert changed == [False] * 2 + [True] * 7  # the inputs are what they are


def what_is_live_goes_on_while_it_is_dragged(visitor: Visitor) -> None:
    run = visitor.page.evaluate(RUN)
    drag(visitor, "optimizer.lr", 0.9)
    rate = dial(visitor, "optimizer.lr").get_attribute("aria-valuetext")
    # Told while the hand is still there.
    visitor.wait("document.querySelector('.nnviz-log')?.textContent.includes(`→ ${x}`)", rate)
    visitor.page.mouse.up()
    assert visitor.page.evaluate(RUN) == run
    assert visitor.page.locator(".nnviz-status").inner_text() == "Training."


def what_is_not_starts_afresh_while_it_is_dragged_and_goes_on(visitor: Visitor) -> None:
    run = visitor.page.evaluate(RUN)
    drag(visitor, "dataset.noise", 0.5)
    visitor.wait(f"{RUN} !== x", run)
    visitor.page.mouse.up()
    visitor.wait("location.search.includes(`noise%3D${x}`)", dial(visitor, "dataset.noise").input_value())
    visitor.wait(f"{Visitor.STEP} > 20")
    assert 0.4 < float(spec_of(visitor).dataset.knobs["noise"]) < 0.6


def layers_units_data_and_activation_are_a_press_away(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_role("button", name="More: Hidden layers").click()
    expect(page.locator(".nnviz-network-head")).to_have_count(3)
    page.get_by_role("button", name="Less: Units of layer 1").click()
    expect(page.locator(".nnviz-network-head output").first).to_have_text("3 units")
    page.get_by_role("button", name="Moons").click()
    visitor.wait(f"{HEIGHT}.range[1] < 3 && {HEIGHT}.range.join() === {HEIGHT}._inputRange.join()")  # no empty edge
    page.get_by_role("button", name="Spiral").click()
    dial(visitor, "activation").select_option(label="ReLU")
    visitor.wait("location.search.includes('relu') && location.search.includes('spiral')")
    spec = spec_of(visitor)
    assert (spec.dataset.name, spec.activation.name, spec.model.knobs["hidden"]) == ("spiral", "relu", "3,2,2")
    visitor.wait(f"{Visitor.STEP} > 20")  # and goes on learning


def a_unit_is_large_while_pointed_at_and_its_weights_are_set(visitor: Visitor) -> None:
    page, near = visitor.page, visitor.page.locator(".nnviz-inspector")
    visitor.press("Pause")
    unit(visitor, "1.2").hover()
    expect(near).to_be_visible()
    expect(near).to_contain_text("Layer 1, unit 3")
    expect(near.locator("input").first).to_be_hidden()
    page.locator("h1").hover()
    expect(near).to_be_hidden()
    unit(visitor, "1.2").click()
    field = page.locator("input[type=number][data-weight='lin_1.weight.2.1']")
    field.fill("3.5")
    field.press("Enter")
    at_weight = f"Number({LINES}[2 * 2 + 1].getAttribute('stroke-width')).toFixed(1)"
    visitor.wait(f"{at_weight} === '7.6'")  # 0.6 + 2 * 3.5 pixels
    visitor.wait("document.querySelector('.nnviz-log').textContent.includes('Weight of layer 1, unit 3, for input 2')")
    page.keyboard.press("Escape")
    expect(near).to_be_hidden()
    page.mouse.click(*middle(page.locator(".nnviz-edge-reach").first))
    expect(near).to_contain_text("Layer 1, unit 1")
    expect(page.locator("input[type=range][data-weight='lin_1.weight.0.0']")).to_be_focused()
    page.get_by_role("button", name="Close").click()


def middle(line: Locator) -> tuple[float, float]:
    """Find a place on a line."""
    x, y = line.evaluate(
        "(node) => { const at = node.getPointAtLength(node.getTotalLength() / 2);"
        " const { left, top } = node.ownerSVGElement.getBoundingClientRect(); return [left + at.x, top + at.y]; }"
    )
    return float(x), float(y)


def the_keyboard_goes_from_unit_to_unit(visitor: Visitor) -> None:
    page, near = visitor.page, visitor.page.locator(".nnviz-inspector")
    page.locator(".nnviz-unit[tabindex='0']").focus()
    for key in ("ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowUp", "ArrowUp", "ArrowUp", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    expect(unit(visitor, "1.1")).to_be_focused()
    expect(near).to_contain_text("Layer 1, unit 2")
    page.keyboard.press("Enter")
    slider = page.locator("input[type=range][data-weight='lin_1.weight.1.0']")
    expect(slider).to_be_focused()
    before = float(slider.input_value())
    page.keyboard.press("ArrowRight")
    assert float(slider.input_value()) > before
    page.keyboard.press("Escape")
    expect(unit(visitor, "1.1")).to_be_focused()
    assert page.locator(".nnviz-unit[tabindex='0']").count() == 1


def a_reload_finds_it_and_train_opens_it(visitor: Visitor) -> None:
    before, step = spec_of(visitor), visitor.page.locator("[data-counter=step] dd").inner_text()
    visitor.page.reload()
    visitor.wait_for_charts()
    assert spec_of(visitor) == before
    expect(visitor.page.locator("[data-counter=step] dd")).to_have_text(step)
    visitor.page.get_by_role("link", name="Open it on Train").click()
    visitor.wait("location.pathname === '/Train'")
    visitor.wait_for_charts()
    expect(visitor.page.locator("[data-counter=step] dd")).to_have_text(step)
    assert spec_of(visitor) == before


def test_one_plays_by_touch_while_another_watches(browser: Browser, server: AppServer, tmp_path: Path) -> None:
    profile = browser.new_context(has_touch=True, viewport={"width": 390, "height": 844})
    player = Visitor(browser, server.url, 390, 844, profile=profile)
    player.open("/")
    player.button("Play").tap()
    player.page.locator("[data-option=xor]").tap()
    player.wait("location.search.includes('xor')")
    unit(player, "1.0").tap()
    expect(player.page.locator(".nnviz-inspector")).to_contain_text("Layer 1, unit 1")
    player.page.get_by_role("button", name="Close").tap()
    assert player.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    watcher = Visitor(browser, server.url, profile=browser.new_context())
    watcher.page.goto(player.page.url)
    watcher.wait_for_charts()
    expect(watcher.page.get_by_text(re.compile("watching"))).to_be_visible()
    controls = watcher.page.locator(".nnviz-board :is(input, select, .nnviz-steps button, .nnviz-option):visible").all()
    assert len(controls) > 15
    assert all(control.is_disabled() for control in controls)
    watcher.wait(f"{Visitor.STEP} > 20")
    unit(watcher, "1.1").hover()
    expect(watcher.page.locator(".nnviz-inspector")).to_be_visible()
    watcher.leave(tmp_path / "watcher.png")
    player.leave(tmp_path / "player.png")
