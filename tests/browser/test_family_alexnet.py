"""AlexNet's page in a real browser."""

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import ARTEFACTS
from tests.browser.server import AppServer
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

DRAWN = "document.querySelector('[data-chart={}] .js-plotly-plot')?._fullData"


def pixels(visitor: Visitor, chart: str) -> list[int]:
    found: list[int] = visitor.ask_chart(chart, "Array.from(graph._fullData[0].z).flatMap((row) => Array.from(row))")
    return found


def test_filters_grow_and_another_picture_has_other_maps(browser: Browser, server: AppServer) -> None:
    visitor = Visitor(browser, server.url)
    visitor.open("/AlexNet")
    visitor.wait(f"{DRAWN.format('first_filters')} && {DRAWN.format('feature_maps')}")
    first = pixels(visitor, "first_filters")
    visitor.press("Play")
    visitor.wait_for_step(20)
    visitor.press("Pause")
    visitor.wait_for_status("Paused")
    assert pixels(visitor, "first_filters") != first
    maps, drawn = pixels(visitor, "feature_maps"), visitor.draws("feature_maps")
    visitor.turn("Test example", "ArrowRight")
    visitor.wait("Number(document.querySelector('[data-chart=feature_maps]').dataset.draws) > x", drawn)
    assert pixels(visitor, "feature_maps") != maps
    visitor.leave(ARTEFACTS / "alexnet.png")
