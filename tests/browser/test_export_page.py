"""A run taken away in a real browser: its code, saved while it trains, prints the losses that the run has had."""

import csv
import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

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


def test_the_code_of_a_run_is_saved_while_it_trains_and_prints_what_it_has_lost(
    visitor: Visitor, tmp_path: Path
) -> None:
    visitor.open_train(dataset="moons", epochs="0")
    visitor.press("Play")
    visitor.wait_for_step(20)
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


def test_a_lane_of_a_race_and_a_model_are_taken_away_too(visitor: Visitor) -> None:
    visitor.open("/Race")
    visitor.press("Take away")
    visitor.unfold(dialog(visitor).get_by_role("combobox", name="Whose code"))
    visitor.page.get_by_role("option", name="NAG", exact=True).click()
    expect(code_of(visitor)).to_contain_text("nesterov=True")
    closed(visitor)
    visitor.go("/GAN")
    visitor.wait_for_charts()
    visitor.press("Take away")
    expect(code_of(visitor)).to_contain_text("discriminator = nn.Sequential(")
    closed(visitor)
