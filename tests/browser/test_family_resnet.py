"""ResNet's page in a real browser."""

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import ARTEFACTS
from tests.browser.server import AppServer
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

DEPTH = "document.querySelector('[data-chart=gradient_depth] .js-plotly-plot')"


def test_the_gradient_by_depth_changes_while_the_network_learns_beside_its_plain_twin(
    browser: Browser, server: AppServer
) -> None:
    visitor = Visitor(browser, server.url)
    visitor.open("/ResNet?model=resnet:depth=14")
    visitor.press("Step")
    visitor.wait(f"{DEPTH}?._fullData?.filter((each) => each.y?.length > 10).length === 2")
    first = visitor.page.evaluate(f"{DEPTH}._fullData.map((each) => each.y[0])")
    visitor.press("Play")
    visitor.wait_for_step(15)
    visitor.wait(f"x.every((y, place) => Math.abs({DEPTH}._fullData[place].y[0] / y - 1) > 1e-3)", first)
    visitor.press("Pause")
    visitor.wait_for_status("Paused")
    visitor.leave(ARTEFACTS / "resnet.png")
