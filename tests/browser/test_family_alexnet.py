"""AlexNet's page in a real browser."""

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import ARTEFACTS
from tests.browser.server import AppServer
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

FILTERS, MAPS = (
    f"document.querySelector('[data-chart={name}] .js-plotly-plot')" for name in ("first_filters", "feature_maps")
)


def pixels(visitor: Visitor, graph: str) -> list[int]:
    found: list[int] = visitor.page.evaluate(f"Array.from({graph}._fullData[0].z).flatMap((row) => Array.from(row))")
    return found


def test_filters_grow_and_another_picture_has_other_maps(browser: Browser, server: AppServer) -> None:
    visitor = Visitor(browser, server.url)
    visitor.open("/AlexNet")
    visitor.wait(f"{FILTERS}?._fullData && {MAPS}?._fullData")
    first = pixels(visitor, FILTERS)
    visitor.press("Play")
    visitor.wait_for_step(60)
    visitor.press("Pause")
    visitor.wait_for_status("Paused")
    assert pixels(visitor, FILTERS) != first
    maps, draws = pixels(visitor, MAPS), "document.querySelector('[data-chart=feature_maps]').dataset.draws"
    drawn = visitor.page.evaluate(draws)
    visitor.turn("Test example", "ArrowRight")
    visitor.wait(f"{draws} !== x", drawn)
    assert pixels(visitor, MAPS) != maps
    visitor.leave(ARTEFACTS / "alexnet.png")
