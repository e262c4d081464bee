"""A run taken away in a real browser: its code, saved while it trains, prints the losses that the run has had."""

import csv
import io
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Download, Locator, expect

from tests.browser.visitor import Visitor
from tests.test_export_code import elsewhere, printed

pytestmark = pytest.mark.browser


def dialog(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("dialog")


def saved(visitor: Visitor, name: str) -> str:
    """Press a button of the dialog and read what it saves."""
    with visitor.page.expect_download() as download:
        dialog(visitor).get_by_role("button", name=name).click()
    return download.value.path().read_text(encoding="utf-8")


def closed(visitor: Visitor) -> None:
    dialog(visitor).get_by_role("button", name="Close").click()
    expect(dialog(visitor)).to_have_count(0)


def code_of(visitor: Visitor) -> Locator:
    return dialog(visitor).locator("[data-testid=stCode] code").first


def test_a_chart_and_the_code_of_a_run_are_saved_while_it_trains_and_the_code_prints_what_it_has_lost(
    visitor: Visitor, tmp_path: Path
) -> None:
    visitor.open_train(dataset="moons", epochs="0")
    visitor.press("Play")
    a_chart_is_saved_as_svg_as_the_screen_shows_it_though_strokes_were_set_by_hand(visitor)
    visitor.press("Play")
    visitor.turn("Learning rate")
    expect(visitor.log()).to_have_count(1)
    visitor.press("Take away")
    expect(code_of(visitor)).to_contain_text("turns = {")
    script = saved(visitor, "Script")
    visitor.wait_for_step(visitor.step() + 50)  # it trains on below
    expect(dialog(visitor)).to_be_visible()
    rows = list(csv.DictReader(io.StringIO(saved(visitor, "Curves"))))
    losses = {int(row["update"]): float(row["loss"]) for row in rows if row["kind"] == "train_batch"}
    assert '"cell_type": "markdown"' in saved(visitor, "Notebook")
    assert re.search(r'"journal": "\d+@\*:optimizer\.lr:', saved(visitor, "Settings"))
    closed(visitor)
    before = visitor.step()
    visitor.wait_for_step(before + 50)
    expect(visitor.log()).to_have_count(1)
    (tmp_path / "run.py").write_text(script, encoding="utf-8")
    command = [sys.executable, "run.py"]
    done = subprocess.run(command, cwd=tmp_path, env=elsewhere(), capture_output=True, text=True, check=True)
    mine, _ = printed(done.stdout)
    assert {step: each[0] for step, each in mine.items()} == {step: losses[step] for step in mine}


HELD = ".nnviz-link-box"
NO_CLIPBOARD = """() => {
  Object.defineProperty(navigator, "clipboard", { value: undefined });
  document.execCommand = () => false;
}"""
MARKED = """(() => {
  const field = document.activeElement;
  return field.value.slice(field.selectionStart, field.selectionEnd);
})()"""


def test_the_link_of_a_run_is_copied_and_says_what_it_holds_and_lanes_and_models_are_taken_away_too(
    visitor: Visitor,
) -> None:
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=visitor.url)
    visitor.open_train(dataset="moons", epochs="0", seed="7")
    visitor.press("Play")
    visitor.wait_for_step(20)
    visitor.turn("Learning rate")
    expect(visitor.log()).to_have_count(1)
    button = visitor.page.get_by_role("button", name="Copy link")
    button.focus()
    button.press("Enter")
    held = visitor.page.locator(HELD)
    expect(held).to_contain_text(
        "Copied. It holds all settings, the seed (7) and 1 live change, at its update. Whoever opens it and presses "
        "Play gets this run again."
    )
    link = visitor.page.evaluate("navigator.clipboard.readText()")
    assert link == held.get_by_role("textbox", name="Link of this run").input_value()
    query = parse_qs(urlsplit(link).query)
    step, _, turned = query["journal"][0].partition("@")
    assert turned.startswith("*:optimizer.lr:")
    button.press("Escape")
    expect(held).to_be_hidden()
    visitor.press("Pause")
    visitor.page.goto(link)
    visitor.wait_for_charts()
    visitor.press("Play")
    expect(visitor.log()).to_contain_text(f"{step}: Learning rate")
    assert "run" not in query
    for path, code_is_taken_away in (("/Race", the_code_of_a_lane), ("/GAN", the_code_of_a_model)):
        visitor.go(path)
        visitor.wait_for_charts()
        visitor.page.get_by_role("button", name="Copy link").click()
        expect(held).to_contain_text("Copied. It holds all settings and the seed")
        visitor.page.keyboard.press("Escape")
        code_is_taken_away(visitor)
    visitor.page.evaluate(NO_CLIPBOARD)
    visitor.page.get_by_role("button", name="Copy link").click()
    expect(held).to_contain_text("This browser lets no page copy: the link is marked")
    assert visitor.page.evaluate(MARKED).startswith(f"{visitor.url}/GAN?")


def the_code_of_a_lane(visitor: Visitor) -> None:
    visitor.press("Take away")
    visitor.unfold(dialog(visitor).get_by_role("combobox", name="Whose code"))
    visitor.page.get_by_role("option", name="NAG", exact=True).click()
    expect(code_of(visitor)).to_contain_text("nesterov=True")
    closed(visitor)


def the_code_of_a_model(visitor: Visitor) -> None:
    visitor.press("Take away")
    expect(code_of(visitor)).to_contain_text("discriminator = nn.Sequential(")
    closed(visitor)


SAVED_AHEAD = """async () => {
  const card = document.querySelector("[data-chart=loss]");
  const seen = card.dataset.strokes;
  for (let tries = 0; tries < 200 && !(card.dataset.ahead && card.dataset.strokes !== seen); tries += 1) {
    await new Promise((done) => setTimeout(done, 20));
  }
  const isAhead = Boolean(card.dataset.ahead);
  card.querySelector("[data-format=svg]").click();
  return [isAhead, [...card.querySelectorAll(".scatterlayer .js-line")].map((line) => line.getAttribute("d"))];
}"""


def a_chart_is_saved_as_svg_as_the_screen_shows_it_though_strokes_were_set_by_hand(visitor: Visitor) -> None:
    visitor.wait_for_step(300)
    visitor.page.mouse.move(2, 2)
    with visitor.page.expect_download() as download:
        is_ahead, shown = visitor.page.evaluate(SAVED_AHEAD)
    assert is_ahead
    assert download.value.suggested_filename == "nnviz-loss.svg"
    drawn = lines_of(download.value)
    assert len(drawn) == len(shown) > 2
    for screen, saved_ in zip(shown, drawn, strict=True):
        assert end_of(saved_) == pytest.approx(end_of(screen), abs=1.5)
    visitor.press("Pause")
    visitor.wait_for_status("Paused")
    visitor.page.locator("[data-chart=loss] .legendtoggle").first.click()  # what is switched off is not saved
    visitor.wait("document.querySelector('[data-chart=loss] .js-plotly-plot')._fullData[0].visible === 'legendonly'")
    left = visitor.page.locator("[data-chart=loss] .scatterlayer .js-line").count()
    assert len(lines_of(visitor.save_chart("loss", "SVG"))) == left < len(drawn)


def lines_of(download: Download) -> list[str]:
    """List the paths of the curves of a saved chart, without those of its legend."""
    parts = ElementTree.parse(download.path()).iter("{http://www.w3.org/2000/svg}path")
    lines = [part.get("d", "") for part in parts if part.get("class") == "js-line"]
    return [line for line in lines if not line.startswith("M5,0h")]


def end_of(path: str) -> list[float]:
    """Return where a path ends."""
    return [float(number) for number in re.findall(r"-?[\d.]+(?:e-?\d+)?", path)[-2:]]
