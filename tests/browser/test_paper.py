"""What a browser prints of a page."""

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import ARTEFACTS
from tests.browser.server import AppServer
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

PAPER = """() => addEventListener("beforeprint", () => {
  const [page] = document.querySelectorAll(".stMainBlockContainer");
  const cards = [...page.querySelectorAll(".nnviz-card")];
  const graphs = [...page.querySelectorAll(".js-plotly-plot")];
  const isShown = (node) => node.getClientRects().length > 0;
  window.paper = {
    width: page.scrollWidth,
    back: getComputedStyle(document.body).backgroundColor,
    ink: getComputedStyle(page).color,
    buttons: [...document.querySelectorAll("button:not(.nnviz-title), a")].filter(isShown)
      .map((node) => node.textContent),
    charts: graphs.length,
    dark: graphs.filter((graph) => graph._fullLayout.paper_bgcolor !== "#fff").length,
    inks: [...new Set(graphs.map((graph) => graph._fullLayout.font.color))],
    wide: graphs.filter((graph) => graph._fullLayout.width > graph.parentElement.clientWidth + 1).length,
    cut: cards.filter((card) => getComputedStyle(card).breakInside !== "avoid" || card.offsetHeight > 980).length,
    last: Math.max(...graphs.map((each) => each._fullData.find(({name}) => name === "train batches")?.x.at(-1) ?? 0)),
  };
})"""


@pytest.mark.parametrize("path", ["/Train?dataset=spiral&epochs=0", "/Gradient_descent"])
def test_paper_shows_every_chart_whole_in_light_colours_and_no_button(
    browser: Browser, server: AppServer, path: str
) -> None:
    visitor = Visitor(browser, server.url, is_dark=True)
    visitor.open(path)
    visitor.wait("[...document.querySelectorAll('[data-draws]')].every((card) => Number(card.dataset.draws) > 0)")
    if "Train" in path:
        visitor.press("Play")
        visitor.wait_for_step(50)
        visitor.press("Pause")
        visitor.wait_for_status("Paused")
    before = visitor.page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
    visitor.page.evaluate(PAPER)
    visitor.page.pdf()
    paper = visitor.page.evaluate("paper")
    assert (paper["back"], paper["ink"], paper["inks"]) == ("rgb(255, 255, 255)", "rgb(31, 39, 51)", ["#1f2733"])
    assert paper["charts"] > 3
    assert (paper["dark"], paper["wide"], paper["cut"], paper["buttons"]) == (0, 0, 0, [])
    assert paper["width"] <= 680
    assert paper["last"] == ("Train" in path and visitor.step())
    drawn = "document.querySelector('.js-plotly-plot')._fullLayout"
    visitor.wait(f"{drawn}.paper_bgcolor !== '#fff' && {drawn}.width !== paper.width")  # the screen is as it was
    assert visitor.page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor") == before
    visitor.leave(ARTEFACTS / "paper.png")
