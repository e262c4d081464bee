"""The film of the first minute, and the moving pictures of the ways on from home, taken from the real app.

`scripts/screenshots` puts them into docs/ and static/.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import ARTEFACTS
from tests.browser.films import POINTER, Film
from tests.browser.server import ROOT, AppServer
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.picture]


def test_the_first_minute_can_be_filmed(browser: Browser, server: AppServer) -> None:
    visitor = Visitor(browser, server.url, 1366, 768)
    visitor.open("/")
    page = visitor.page
    page.evaluate(POINTER)
    film = Film(page, 960)
    film.take(3, 100)
    film.press(visitor.button("Play"))
    film.take(16, 60)
    film.go(page.locator("[data-unit='1.1']"))
    film.take(6, 60)
    film.press(page.locator("[data-option=spiral]"))
    film.take(8, 60)
    for name in ("More: Hidden layers", *["More: Units of layer 1"] * 4, *["More: Units of layer 2"] * 6):
        film.press(page.get_by_role("button", name=name))
    film.take(14, 120)
    rate = page.locator("[data-dial='optimizer.lr']")
    film.go(rate, 0.59)
    page.mouse.down()
    film.go(rate, 0.48)
    page.mouse.up()
    film.take(20, 150)
    film.save(ROOT / "docs" / "first_minute.gif", 110)
    visitor.leave(ARTEFACTS / "first_minute.png")


def at_speed(faster: int, frames: int, gap_ms: int) -> Callable[[Visitor, Film], None]:
    """Let a run go on at so many stops above one update per second."""

    def act(visitor: Visitor, film: Film) -> None:
        visitor.turn("Speed", "Home")
        for _ in range(faster):
            visitor.turn("Speed", "ArrowRight")
        film.take()
        visitor.press("Play")
        film.take(frames, gap_ms)

    return act


def by_steps(control: str, each: int) -> Callable[[Visitor, Film], None]:
    """Go through the steps of a slider, so many for each frame."""

    def act(visitor: Visitor, film: Film) -> None:
        slider = visitor.page.locator(control)
        slider.press("Home")
        for _ in range(22):
            film.take(1, 60)
            for _ in range(each):
                slider.press("ArrowRight")

    return act


WAYS: dict[str, tuple[str, str, Callable[[Visitor, Film], None]]] = {
    "train": ("/Train?dataset=digits", "sample", at_speed(2, 18, 50)),
    "race": ("/Race?dataset=moons&epochs=200&log_loss=True", "test_loss", at_speed(3, 22, 50)),
    "surfaces": ("/Surfaces", "contour", by_steps(".nnviz-playback input[type=range]", 4)),
    "foundations": ("/Gradient_descent?lr=0.15&step=40", "bowl", by_steps("[data-dial=step]", 1)),
    "architectures": ("/GAN", "density", at_speed(7, 12, 700)),
}  # a link, a chart there, and what happens to it


@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", WAYS)
def test_a_way_on_can_be_filmed(name: str, is_dark: bool, browser: Browser, server: AppServer) -> None:
    link, chart, act = WAYS[name]
    visitor = Visitor(browser, server.url, 900, 900, is_dark=is_dark)
    visitor.open(link)
    part = visitor.page.locator(f"[data-chart={chart}] .nnviz-plot")
    part.scroll_into_view_if_needed()
    film = Film(visitor.page, 400, part)
    act(visitor, film)
    ending = "dark" if is_dark else "light"
    film.save(ROOT / "static" / f"way_{name}_{ending}.gif", 120, plays=2)
    film.save_last(ROOT / "static" / f"way_{name}_{ending}.png")
    visitor.leave(ARTEFACTS / f"way_{name}_{ending}.png")
