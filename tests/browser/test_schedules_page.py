"""A learning-rate schedule from its menu to a branch, and a rate that is found and pointed at, in a real browser."""

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
RATES = "graph._fullData[0].y.map(Number)"


def rates(visitor: Visitor) -> list[float]:
    visitor.wait_for_charts()
    return [float(rate) for rate in visitor.ask_chart("learning_rate", RATES)]


def test_a_schedule_is_chosen_turned_while_it_trains_and_gone_on_from(visitor: Visitor) -> None:
    visitor.open_train(dataset="moons", epochs="500", seed="3")
    expect(visitor.page.locator("[data-chart=learning_rate]")).to_have_count(0)
    visitor.choose("Learning-rate schedule", "Cosine")
    expect(visitor.page.locator("[data-testid=stSidebar]")).to_contain_text(
        "Factor: 1 at first, 0.01 after 500 epochs."
    )
    expect(visitor.page.get_by_role("img", name="The factor of the learning rate over 500 epochs")).to_be_visible()
    visitor.wait("document.querySelector('[data-counter=rate] dd')?.textContent === '0.003'")
    for _ in range(2):
        visitor.turn("Speed")  # to 30 updates a second: a slow machine, too, comes to all that is turned before the end
    visitor.press("Play")
    visitor.wait_for_step(150)
    the_slider_moves_the_base_and_the_factor_goes_on(visitor)
    visitor.press("Pause")
    visitor.wait_for_status("Paused")
    before = visitor.counter("rate")
    visitor.page.reload()
    visitor.wait_for_charts()
    assert visitor.counter("rate") == before
    expect(visitor.slider("Learning rate")).to_have_attribute("aria-valuetext", "0.001")
    a_branch_goes_on_with_the_schedule(visitor)


def the_slider_moves_the_base_and_the_factor_goes_on(visitor: Visitor) -> None:
    top = max(rates(visitor))
    assert rates(visitor)[-1] < top == pytest.approx(0.003, rel=1e-3)
    visitor.turn("Learning rate")
    expect(visitor.slider("Learning rate")).to_have_attribute("aria-valuetext", "0.001")
    visitor.wait("Number(document.querySelector('[data-counter=rate] dd').textContent) < 0.001")
    visitor.wait_for_step(visitor.step() + 50)
    assert 0 < rates(visitor)[-1] < 0.001


def a_branch_goes_on_with_the_schedule(visitor: Visitor) -> None:
    visitor.page.get_by_role("button", name="Go on from here").click()
    visitor.page.get_by_role("dialog").get_by_role("button", name="Go on").click()
    expect(visitor.page.locator(".st-key-branches")).to_contain_text("Branch 1")
    visitor.press("Play")
    visitor.wait_for_step(visitor.step() + 30)
    visitor.wait_for_charts()
    assert visitor.ask_chart("learning_rate", "graph._fullData.length") == 2


def test_a_rate_is_found_pointed_at_and_moved_by_keys(visitor: Visitor) -> None:
    visitor.open_train(dataset="moons", model="mlp:hidden=4", optimizer="sgd:lr=0.001", schedule="cosine", epochs="500")
    visitor.press("Find a rate")
    expect(visitor.button("Set the base rate to")).to_be_visible()
    expect(visitor.page.locator(".st-key-rate_test")).to_contain_text("becomes the schedule's base")
    left, right = (10 ** float(end) for end in visitor.ask_chart("rate_curve", "graph._fullLayout.xaxis.range"))
    box = visitor.page.locator("[data-chart=rate_curve] .nsewdrag").bounding_box()
    assert box is not None
    visitor.page.mouse.click(box["x"] + 0.5 * box["width"], box["y"] + 0.3 * box["height"])
    middle = (left * right) ** 0.5
    visitor.wait(
        "Math.abs(Math.log(Number(document.querySelector('[data-counter=rate] dd')?.textContent) / x)) < 0.05", middle
    )
    expect(visitor.slider("Learning rate").first).to_have_attribute("aria-valuetext", f"{float(f'{middle:.2g}'):g}")
    plot = visitor.page.locator("[data-chart=rate_curve] .nnviz-plot")
    plot.press("ArrowRight")
    visitor.wait("Number(document.querySelector('[data-counter=rate] dd')?.textContent) > 1.02 * x", middle)
    assert "Learning rate 0.001" in " ".join(visitor.log().all_inner_texts())
