"""Journeys to the stage and back, and through the choice of charts, in a real browser."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.server import AppServer
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

IS_OPEN = "document.documentElement.classList.contains('nnviz-stage')"
ON_STAGE = "[...document.querySelectorAll('.nnviz-staged')].map((card) => card.dataset.chart)"
CHARTS = "[...document.querySelectorAll('.nnviz-card')].map((card) => card.dataset.chart)"
# Sizes of all letters that the charts on the stage show, and how much of the window those fill.
LETTERS = """() => [...document.querySelectorAll('.nnviz-staged :is(svg.main-svg text, h3, td, th)')]
  .filter((each) => each.textContent.trim() && each.checkVisibility())
  .map((each) => parseFloat(getComputedStyle(each).fontSize))"""
FILLED = """() => [...document.querySelectorAll('.nnviz-staged')].map((each) => each.getBoundingClientRect())
  .reduce((sum, box) => sum + box.width * box.height, 0) / (innerWidth * innerHeight)"""
FULL = """([id, share]) =>
  document.querySelector(`[data-chart=${id}] .js-plotly-plot`)._fullLayout.width > share * innerWidth"""


def chosen(visitor: Visitor) -> list[str]:
    return parse_qs(urlsplit(visitor.page.url).query).get("charts", [""])[0].split(",")


def see(visitor: Visitor, *names: str) -> None:
    """Wait until these charts are on the stage, drawn anew for it."""
    visitor.wait(f"JSON.stringify({ON_STAGE}) === JSON.stringify(x)", list(names))
    for name in names:
        visitor.page.wait_for_function(FULL, arg=[name, 0.3])


def title(visitor: Visitor, name: str) -> Any:
    return visitor.page.locator(f"[data-chart={name}] .nnviz-title")


def test_two_charts_fill_the_screen_while_it_trains_until_escape(visitor: Visitor) -> None:
    visitor.page.set_viewport_size({"width": 1920, "height": 1080})
    visitor.open_train(dataset="moons", epochs="0")
    visitor.wait("document.querySelector('[data-chart=field] .js-plotly-plot')._fullLayout.xaxis._length >= 500")
    visitor.press("Play")
    visitor.wait_for_step(20)
    visitor.page.keyboard.press("f")
    see(visitor, "field", "loss")
    charts_are_large_and_the_dials_stay(visitor)
    as_many_charts_as_are_asked_for_and_one_alone(visitor)
    the_stage_outlives_a_reload_and_escape_leads_back(visitor)


def charts_are_large_and_the_dials_stay(visitor: Visitor) -> None:
    page = visitor.page
    page.wait_for_function(f"Math.min(...({LETTERS})()) >= 24")  # each chart is drawn anew in turn
    assert page.evaluate(FILLED) > 0.75
    for gone in (".stSidebar", ".st-key-menu", ".st-key-bar-seed", ".nnviz-log"):
        expect(page.locator(gone)).to_be_hidden()
    visitor.turn("Learning rate")
    expect(visitor.slider("Learning rate")).to_have_attribute("aria-valuetext", "0.001")
    visitor.turn("Speed")
    before = visitor.step()
    visitor.wait_for_step(before + 20)
    visitor.wait_for_draws("loss", 3)
    assert min(page.evaluate(LETTERS)) >= 24
    visitor.press("Pause")
    visitor.wait_for_status("Paused")


def as_many_charts_as_are_asked_for_and_one_alone(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_role("button", name="Charts on the screen: 4").click()
    see(visitor, "field", "loss", "accuracy", "hidden_units")
    title(visitor, "accuracy").press("Enter")
    see(visitor, "accuracy")
    expect(title(visitor, "accuracy")).to_be_focused()
    expect(title(visitor, "accuracy")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    see(visitor, "field", "loss", "accuracy", "hidden_units")


def the_stage_outlives_a_reload_and_escape_leads_back(visitor: Visitor) -> None:
    page = visitor.page
    page.reload()
    visitor.wait_for_charts()
    see(visitor, "field", "loss", "accuracy", "hidden_units")
    page.keyboard.press("Escape")
    visitor.wait(f"!{IS_OPEN}")
    expect(page.locator(".stSidebar")).to_be_visible()
    visitor.wait("document.querySelector('[data-chart=loss] .js-plotly-plot')._fullLayout.font.size === 12")
    title(visitor, "loss").click()
    see(visitor, "loss")
    assert page.evaluate(FILLED) > 0.7
    title(visitor, "loss").click()
    visitor.wait(f"!{IS_OPEN}")
    visitor.set_number("Seed", 7)
    visitor.page.get_by_role("spinbutton", name="Seed").press("f")  # typed, not meant for the stage
    assert not page.evaluate(IS_OPEN)


def test_charts_are_chosen_ordered_and_kept_in_the_link_and_the_stage_shows_the_first(visitor: Visitor) -> None:
    visitor.open("/Autoencoder")
    visitor.page.get_by_role("button", name="Charts", exact=True).last.click()
    for name in ("What the decoder draws there", "Accuracy", "Test pictures"):
        box = visitor.page.get_by_role("checkbox", name=name, exact=True)
        if box.count():
            box.uncheck()
    visitor.page.get_by_role("button", name="Move up: Loss", exact=True).focus()
    while chosen(visitor)[0] != "loss":
        before = chosen(visitor)
        visitor.page.get_by_role("button", name="Move up: Loss", exact=True).press("Enter")
        visitor.wait("(new URL(location).searchParams.get('charts') ?? '') !== x", ",".join(before))
    names = chosen(visitor)
    assert "decoded" not in names
    visitor.wait(f"!{CHARTS}.includes('decoded')")
    visitor.page.keyboard.press("Escape")
    expect(visitor.page.get_by_role("checkbox", name="Loss", exact=True)).to_be_hidden()
    visitor.page.get_by_role("button", name="Full screen").click()
    visitor.wait(f"JSON.stringify([...{ON_STAGE}].sort()) === JSON.stringify(x)", sorted(names[:2]))
    visitor.page.keyboard.press("f")
    visitor.wait(f"!{IS_OPEN}")
    visitor.page.get_by_role("link", name="Train", exact=True).click()
    visitor.wait(f"{CHARTS}.includes('accuracy')")
    visitor.page.get_by_role("link", name="Architectures").click()
    visitor.page.get_by_role("link", name="Autoencoder").first.click()
    visitor.wait(f"{CHARTS}.includes('loss') && !{CHARTS}.includes('decoded')")
    assert chosen(visitor) == names


def test_a_race_stands_on_the_stage_with_its_table_and_another_data_set_brings_other_charts(visitor: Visitor) -> None:
    visitor.open("/Race?dataset=moons&model=mlp:hidden=8&lanes=sgd;adam&charts=leaderboard,test_loss")
    visitor.page.keyboard.press("F")
    visitor.wait(f"JSON.stringify([...{ON_STAGE}].sort()) === JSON.stringify(['leaderboard', 'test_loss'])")
    expect(visitor.slider("SGD: learning rate")).to_be_visible()
    visitor.press("Play")
    visitor.wait_for_step(20)
    expect(visitor.page.locator("[data-chart=leaderboard] td").first).to_be_visible()
    visitor.page.keyboard.press("F")
    visitor.go("/Train?dataset=moons&charts=field,hidden_units")
    visitor.wait_for_charts()
    visitor.page.keyboard.press("F")
    see(visitor, "field", "hidden_units")
    visitor.page.keyboard.press("F")
    visitor.choose("Data set", "Digits 8x8")
    visitor.wait(f"{CHARTS}.includes('sample')")  # of the chosen charts none says anything of pictures
    visitor.page.get_by_role("button", name="Full screen").click()
    visitor.wait(f"{ON_STAGE}.length === 2 && {ON_STAGE}[0] === 'sample'")


TOP = "document.querySelector('[data-chart=loss]').getBoundingClientRect().top"
IS_STUCK = "document.documentElement.classList.contains('nnviz-stuck')"
BAR = "document.querySelector('.st-key-bar').getBoundingClientRect()"
# Whether a control lies within the bar at the top of the window, and nothing lies over it.
IN_BAR = """(control) => {
  const node = control.closest('.stSlider') ?? control;
  const box = node.getBoundingClientRect(), bar = document.querySelector('.st-key-bar').getBoundingClientRect();
  const found = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const isIn = box.top >= -1 && box.bottom <= bar.bottom + 1 && box.left >= bar.left && box.right <= bar.right;
  return isIn && node.contains(found);
}"""


def scroll_past_the_controls(visitor: Visitor) -> None:
    """Bring the loss to the top of the window, just below the bar, and see that nothing else has moved it."""
    before = visitor.page.evaluate(TOP)
    far = visitor.page.evaluate(f"{TOP} - 120")
    visitor.page.evaluate("(far) => document.querySelector('.stMain').scrollBy({ top: far, behavior: 'instant' })", far)
    visitor.wait(IS_STUCK)
    visitor.page.wait_for_timeout(300)
    assert visitor.page.evaluate(TOP) == pytest.approx(before - far, abs=1)


def test_play_speed_rate_and_the_main_number_stay_while_one_scrolls(visitor: Visitor) -> None:
    visitor.page.set_viewport_size({"width": 390, "height": 844})
    visitor.open_train(dataset="moons", epochs="0")
    stay_while_one_scrolls(visitor, 844, 110, ("0.003", "0.001"))
    visitor.page.set_viewport_size({"width": 1366, "height": 768})
    visitor.wait(f"{BAR}.width > 390")
    stay_while_one_scrolls(visitor, 768, 64, ("0.001", "0.0003"))


def stay_while_one_scrolls(visitor: Visitor, height: int, most: int, rates: tuple[str, str]) -> None:
    """Play and scroll in a window of this height, in pixels, turn the rate from one to the other, and come back."""
    page = visitor.page
    visitor.press("Play")
    visitor.wait_for_step(visitor.step() + 20)
    expect(page.locator(".nnviz-findings")).to_have_text("Nothing looks wrong.")  # its line moves what stands below
    scroll_past_the_controls(visitor)
    assert page.evaluate(f"{BAR}.height") <= most
    for control in (visitor.button("Pause"), visitor.slider("Learning rate"), visitor.slider("Speed")):
        assert control.evaluate(IN_BAR), control
    expect(visitor.slider("Learning rate")).to_have_attribute("aria-valuetext", rates[0])
    visitor.turn("Learning rate")
    expect(visitor.slider("Learning rate")).to_have_attribute("aria-valuetext", rates[1])
    visitor.turn("Speed")
    assert 0 < page.evaluate(TOP) < height  # the loss is there while the rate is turned
    visitor.press("Pause")
    visitor.wait_for_status("Paused")
    expect(page.locator(".nnviz-main > :last-child")).to_have_text(visitor.counter("test_accuracy"))
    what_takes_the_focus_is_not_hidden_by_the_bar(visitor)
    page.evaluate("document.querySelector('.stMain').scrollTo({ top: 0, behavior: 'instant' })")
    visitor.wait(f"!{IS_STUCK}")
    expect(visitor.button("Step")).to_be_visible()


def what_takes_the_focus_is_not_hidden_by_the_bar(visitor: Visitor) -> None:
    page = visitor.page
    page.evaluate("document.querySelector('.stMain').scrollBy({ top: 160, behavior: 'instant' })")
    title(visitor, "loss").focus()
    assert title(visitor, "loss").evaluate("(node) => node.getBoundingClientRect().top") >= page.evaluate(
        f"{BAR}.bottom"
    )


def test_a_finger_brings_a_chart_out_and_back_on_a_phone(browser: Browser, server: AppServer) -> None:
    phone = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    visitor = Visitor(browser, server.url, 390, 844, profile=phone)
    visitor.open_train(dataset="moons")
    title(visitor, "loss").tap()
    see(visitor, "loss")
    for name in ("Learning rate", "Speed"):
        expect(visitor.slider(name)).to_be_visible()
    assert visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    title(visitor, "loss").tap()
    visitor.wait(f"!{IS_OPEN}")
    visitor.close()
    assert visitor.complaints == []
