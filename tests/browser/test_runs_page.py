"""Runs that stay, in a real browser: found again after a restart, listed, named, compared and put away."""

from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest
from playwright.sync_api import Browser, Locator, TimeoutError, expect

from tests.browser.conftest import ARTEFACTS
from tests.browser.server import AppServer
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
ROW, HEAD = 33, 34  # pixels of the table


def started(place: Path, port: str = "") -> AppServer:
    server = AppServer(place, port=port, NNVIZ_PATIENCE="3")
    server.wait_until_healthy()
    return server


def mark(visitor: Visitor, row: int, shown: Locator) -> None:
    """Mark a row of the table, which is drawn on a canvas and may not be there yet, until that shows something."""
    for _ in range(10):
        table = visitor.page.locator(".stDataFrame").first
        table.scroll_into_view_if_needed()
        box = table.bounding_box()
        assert box is not None
        visitor.page.mouse.move(box["x"] + 60, box["y"] + 1)  # the canvas asks where a hand came from
        visitor.page.wait_for_timeout(300)
        visitor.page.mouse.click(box["x"] + 18, box["y"] + HEAD + (row + 0.5) * ROW)
        with suppress(TimeoutError):
            shown.wait_for(timeout=4000)
            return
    raise AssertionError(f"row {row} cannot be marked")


def test_a_run_is_found_after_a_restart_and_runs_are_named_compared_and_put_away(
    browser: Browser, tmp_path: Path
) -> None:
    server = started(tmp_path)
    visitor = Visitor(browser, server.url)
    visitor.open_train(dataset="moons", epochs="0")
    visitor.press("Play")
    visitor.wait_for_step(1001)
    visitor.turn("Learning rate")
    expect(visitor.log()).to_have_count(1)
    visitor.press("Pause")
    visitor.wait_for_status("Paused")
    step, test_loss, address = visitor.step(), visitor.counter("test_loss"), visitor.page.url
    visitor.page.goto("about:blank")
    server.kill()
    server = started(tmp_path, server.url.rpartition(":")[2])
    try:
        it_is_there_as_it_was(visitor, address, step, test_loss)
        a_stretch_is_drawn_from_every_update_as_it_was_saved(visitor, tmp_path)
        whoever_has_its_link_sees_it(browser, address, step, test_loss)
        visitor.press("New seed")
        visitor.press("Play")
        visitor.wait_for_step(1300)
        visitor.press("Pause")
        visitor.wait_for_status("Paused")
        runs_are_compared_named_and_put_away(visitor)
        visitor.leave(ARTEFACTS / "runs.png")
    finally:
        server.kill()


def it_is_there_as_it_was(visitor: Visitor, address: str, step: int, test_loss: str) -> None:
    visitor.page.goto(address)
    visitor.wait_for_charts()
    visitor.wait_for_status("Paused")
    assert (visitor.step(), visitor.counter("test_loss"), visitor.page.url) == (step, test_loss, address)
    expect(visitor.log()).to_contain_text("Learning rate")
    visitor.press("Step")
    visitor.wait_for_step(step + 1)


def a_stretch_is_drawn_from_every_update_as_it_was_saved(visitor: Visitor, place: Path) -> None:
    """Drag across the loss chart, compare what is drawn with the files, and go back to all of it."""
    graph = "document.querySelector('[data-chart=loss] .js-plotly-plot')"
    visitor.drag_over("loss")
    visitor.wait(f"{graph}._fullData.at(-1).name === 'every update'")
    read = "(({x, y}) => ({x: Array.from(x), y: Array.from(y)}))(graph._fullData.at(-1))"
    drawn = visitor.ask_chart("loss", read)
    updates = drawn["x"]
    assert updates == list(range(int(updates[0]), int(updates[0]) + len(updates)))
    assert len(updates) > 100
    (file,) = place.rglob("losses.parquet")
    saved = pd.read_parquet(file).set_index("update")["loss"]
    assert drawn["y"] == saved[updates].tolist()
    visitor.page.locator("[data-chart=loss] .nsewdrag").dblclick()
    visitor.wait("!document.querySelector('[data-chart=loss]').dataset.stretch")
    visitor.wait(f"{graph}._fullLayout.xaxis.range[1] > 1000")


def whoever_has_its_link_sees_it(browser: Browser, address: str, step: int, test_loss: str) -> None:
    stranger = Visitor(browser, address)
    stranger.page.goto(address)
    stranger.wait_for_step(step)
    expect(stranger.button("Make my own copy")).to_be_visible()
    stranger.close()


def runs_are_compared_named_and_put_away(visitor: Visitor) -> None:
    run = parse_qs(urlsplit(visitor.page.url).query)["run"]
    visitor.go("/Runs")
    expect(visitor.page.get_by_text("Runs of this browser: 2.")).to_be_visible()
    way = visitor.page.locator(".st-key-shelf-one").get_by_role("link", name="Open")
    mark(visitor, 0, way)
    visitor.page.get_by_role("textbox", name="Name").fill("Another seed")
    visitor.page.get_by_role("textbox", name="Name").press("Enter")
    visitor.linger()
    mark(visitor, 1, visitor.page.get_by_role("heading", name="Compared"))
    visitor.wait("document.querySelectorAll('.stPlotlyChart .scatterlayer .trace').length > 5")
    visitor.page.screenshot(path=ARTEFACTS / "compared.png", full_page=True)
    visitor.press("Put away")
    expect(visitor.page.get_by_text("No run of this browser is kept yet.")).to_be_visible()
    visitor.press("Undo")
    expect(visitor.page.get_by_text("Runs of this browser: 2.")).to_be_visible()
    mark(visitor, 0, way)
    way.click()
    visitor.wait("location.pathname.includes('Train')")
    visitor.wait_for_charts()
    visitor.wait_for_step(1200)
    assert parse_qs(urlsplit(visitor.page.url).query)["run"] == run
